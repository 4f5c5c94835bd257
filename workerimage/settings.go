package workerimage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// EnvSettings is the environment variable that holds a worker's Settings as
// JSON. It carries no secret: those are files in SecretsDir.
const EnvSettings = "POSTFLEET_WORKER"

// Settings is all that a worker is told. The orchestrator resolves it from
// fleet.yaml, so that a worker reads no config file and decides no port.
// Durations travel as strings ("1m30s").
type Settings struct {
	Fleet    string `json:"fleet"`
	WorkerID int    `json:"worker_id"`
	Device   Device `json:"device"`

	AppiumStartCmd string   `json:"appium_start_cmd"`
	AppiumArgs     []string `json:"appium_args,omitempty"`
	AppiumPort     int      `json:"appium_port"`
	// RecycleJobs and RecycleMemory, in bytes, are how many attempts and how much
	// memory an Appium server is good for; 0 is the worker's default, and a
	// negative number means for ever.
	RecycleJobs   int   `json:"recycle_jobs,omitempty"`
	RecycleMemory int64 `json:"recycle_memory,omitempty"`

	SystemPort       int `json:"system_port"`
	MJPEGPort        int `json:"mjpeg_port"`
	ChromedriverPort int `json:"chromedriver_port"`

	// Recipe is builtin:NAME, or RecipeFile when the recipe was mounted.
	Recipe   string `json:"recipe"`
	MaxSteps int    `json:"max_steps"`

	// MaxAttempts counts the attempts of one job that infrastructure may spoil
	// before it is a fail; RetryDelay is the wait before the next.
	MaxAttempts int      `json:"max_attempts"`
	RetryDelay  Duration `json:"retry_delay"`

	// MaxPostsPerDay caps an account's posts a day in TimeZone; 0 is no cap.
	MaxPostsPerDay int    `json:"max_posts_per_day"`
	TimeZone       string `json:"time_zone"`

	// TrustFileSystem opens the ledger on a network file system too.
	TrustFileSystem bool `json:"trust_file_system,omitempty"`

	Proxy Proxy `json:"proxy"`

	Geelark Geelark `json:"geelark,omitzero"`

	Claude Claude `json:"claude,omitzero"`

	// JobTimeout is the deadline of one attempt up to the share tap's
	// confirmation, and VerifyTimeout what it may take on top of that to find
	// out what came of the tap. DrainTimeout, longer than both together, is how
	// long a drained worker may go on before it cancels its job by itself, and
	// StopTimeout, longer again, when it is killed; 0 says nothing about that.
	JobTimeout    Duration `json:"job_timeout"`
	VerifyTimeout Duration `json:"verify_timeout"`
	DrainTimeout  Duration `json:"drain_timeout"`
	StopTimeout   Duration `json:"stop_timeout,omitzero"`
}

// Device is the phone that a worker drives.
type Device struct {
	Name string `json:"name"`
	// Address is what adb knows the phone by: the host:port of its adbd, or with
	// Attached its serial number.
	Address string `json:"address"`
	// Attached says that the adb server has the phone by itself, as one on USB:
	// nothing is to be connected.
	Attached bool `json:"attached,omitempty"`
	// ADBServer is the host:port of an adb server that is not the worker's, which
	// then runs none; "" is one of its own.
	ADBServer string `json:"adb_server,omitempty"`
	// UDID is the serial number that the phone at Address must say it has; "" is
	// any, but always the same.
	UDID string `json:"udid,omitempty"`
	// CloudPhone is the name of the cloud phone that it is, or ByAccount; its
	// address is known once it was started. "" is a phone that is always on.
	CloudPhone string `json:"cloud_phone,omitempty"`
	// Accounts are the only ones the device takes; none means any account that
	// no other device lists.
	Accounts []string `json:"accounts,omitempty"`
	// ReservedAccounts are those that other devices list.
	ReservedAccounts []string `json:"reserved_accounts,omitempty"`
}

// Proxy is how the proxy is rotated before a job. The URL is a secret; without
// its file nothing is rotated.
type Proxy struct {
	// Secret is the file in SecretsDir that holds the URL; "" is SecretProxyURL.
	Secret   string   `json:"secret,omitempty"`
	Timeout  Duration `json:"timeout"`
	Attempts int      `json:"attempts"`
	Required bool     `json:"required"`
}

// Duration is a time.Duration that is JSON in Go's notation.
type Duration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return err
	}
	*d = Duration(v)
	return nil
}

// Encode returns s as EnvSettings holds it.
func (s Settings) Encode() (string, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("encode settings of worker %d: %w", s.WorkerID, err)
	}
	return string(b), nil
}

// DecodeSettings reads what Encode wrote. A key it does not know is an error:
// it means that orchestrator and image are of different versions.
func DecodeSettings(text string) (Settings, error) {
	var s Settings
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return Settings{}, fmt.Errorf("decode %s (are orchestrator and image of one version?): %w", EnvSettings, err)
	}
	return s, nil
}
