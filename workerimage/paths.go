package workerimage

import "strconv"

// Where things are inside a container of the image.
const (
	// DataDir is where the data directory is mounted, read-write.
	DataDir = "/data"
	// MediaDir is the data directory's media folder, mounted over it read-only.
	MediaDir = DataDir + "/media"
	// LogDir is where the log directory is mounted, read-write.
	LogDir = "/logs"
	// SecretsDir holds one file per secret, mounted read-only.
	SecretsDir = "/run/postfleet/secrets"
	// KeyDir is the data directory's adb key, mounted over it read-only: the key
	// by which the phones of the fleet know it.
	KeyDir = DataDir + "/adbkey"
	// RecipeFile is a recipe that is not built in, mounted read-only.
	RecipeFile = "/run/postfleet/recipe.yaml"
	// HomeDir is a tmpfs: the only place besides DataDir and LogDir that a
	// worker can write to. adb keeps its key there.
	HomeDir = "/tmp"
	// PhoneDir is where a simulated phone keeps what was posted.
	PhoneDir = "/phones"
	// WorkerProgram, PhoneProgram and OrchestratorProgram are on the image's PATH.
	WorkerProgram       = "worker"
	PhoneProgram        = "phonesim"
	OrchestratorProgram = "orchestrator"
)

// UID is the user, and the group, that the image runs as when it is told none.
const UID = 10001

// SecretProxyURL is the file in SecretsDir that holds proxy.rotate_url, which
// as a rule carries credentials.
const SecretProxyURL = "proxy_rotate_url"

// SecretProxyURLOf is the file that holds a device's own rotation URL.
func SecretProxyURLOf(device string) string { return SecretProxyURL + "." + device }

// Ports of a simulated phone.
const (
	// PhoneADBPort is where its adbd listens.
	PhoneADBPort = 5555
	// PhoneControlPort is where its control API listens.
	PhoneControlPort = 8099
	// PhoneControlHostBase plus the worker's number is the control API's port
	// on the host's loopback.
	PhoneControlHostBase = 8500
)

// Name returns the container name of a role's n-th container in fleet, for
// example default-worker-0.
func Name(fleet, role string, n int) string {
	return fleet + "-" + role + "-" + strconv.Itoa(n)
}
