package workerimage

import (
	"net"
	"path"
	"strconv"
	"time"
)

// Place is what the containers of one fleet have in common: the image, the
// network, the host's side of the mounts, and the limits.
type Place struct {
	Fleet   string
	Image   string
	Network string
	// User is uid:gid of the data directory's owner, so that what a worker
	// writes belongs to whom the directory belongs.
	User string

	// Host paths, as the Docker daemon sees them. MediaDir, KeyDir,
	// SecretsDir and RecipePath may be empty: nothing is mounted then.
	DataDir    string
	MediaDir   string
	KeyDir     string
	LogDir     string
	SecretsDir string
	RecipePath string

	MemoryBytes int64
	NanoCPUs    int64
	PIDs        int64
	StopTimeout time.Duration
}

// Worker returns the container of a worker. Its labels are those that do not
// depend on the run; the slot adds LabelRun, LabelRestarts and LabelSpec.
func (p Place) Worker(s Settings) (Container, error) {
	settings, err := s.Encode()
	if err != nil {
		return Container{}, err
	}
	c := p.container(RoleWorker, s.WorkerID, s.Device.Name)
	c.Command = []string{WorkerProgram, "run"}
	c.Env[EnvSettings] = settings
	c.Mounts = p.workerMounts()
	if host, _, err := net.SplitHostPort(s.Device.ADBServer); err == nil && host == HostName {
		c.HostGateway = HostName
	}
	c.Ports = []Port{{HostIP: "127.0.0.1", HostPort: s.AppiumPort, ContainerPort: s.AppiumPort}}
	c.MemoryBytes, c.NanoCPUs, c.PIDs, c.StopTimeout = p.MemoryBytes, p.NanoCPUs, p.PIDs, p.StopTimeout
	c.Health = &Health{
		Command:     []string{WorkerProgram, "healthcheck"},
		Interval:    10 * time.Second,
		Timeout:     5 * time.Second,
		StartPeriod: time.Minute,
		Retries:     3,
	}
	return c, nil
}

func (p Place) workerMounts() []Mount {
	mounts := []Mount{{Source: p.DataDir, Target: DataDir}, {Source: p.LogDir, Target: LogDir}}
	for _, m := range []Mount{
		{Source: p.MediaDir, Target: MediaDir, ReadOnly: true},
		{Source: p.KeyDir, Target: KeyDir, ReadOnly: true},
		{Source: p.SecretsDir, Target: SecretsDir, ReadOnly: true},
		{Source: p.RecipePath, Target: RecipeFile, ReadOnly: true},
	} {
		if m.Source != "" {
			mounts = append(mounts, m)
		}
	}
	return mounts
}

const (
	phoneMemoryBytes = 256 << 20
	phonePIDs        = 128
	phoneStopTimeout = 2 * time.Second
)

// Phone returns the container of the simulated phone that belongs to worker n.
// stateDir is the host directory where the fleet's phones keep their posts;
// accounts are the ones that can be logged in on it.
func (p Place) Phone(n int, device, stateDir string, accounts []string) Container {
	c := p.container(RolePhone, n, device)
	c.Command = []string{
		PhoneProgram, "run",
		"--adb", ":" + strconv.Itoa(PhoneADBPort), "--control", ":" + strconv.Itoa(PhoneControlPort),
		"--state", path.Join(PhoneDir, device+".json"), "--peers", PhoneDir,
	}
	for _, a := range accounts {
		c.Command = append(c.Command, "--account", a)
	}
	c.Mounts = []Mount{{Source: stateDir, Target: PhoneDir}}
	c.Ports = []Port{{HostIP: "127.0.0.1", HostPort: PhoneControlHostBase + n, ContainerPort: PhoneControlPort}}
	c.MemoryBytes, c.PIDs, c.StopTimeout = phoneMemoryBytes, phonePIDs, phoneStopTimeout
	c.Health = &Health{
		Command:     []string{PhoneProgram, "healthcheck", "--control", "127.0.0.1:" + strconv.Itoa(PhoneControlPort)},
		Interval:    2 * time.Second,
		Timeout:     2 * time.Second,
		StartPeriod: 10 * time.Second,
		Retries:     5,
	}
	return c
}

func (p Place) container(role string, n int, device string) Container {
	return Container{
		Name:    Name(p.Fleet, role, n),
		Image:   p.Image,
		Env:     map[string]string{"HOME": HomeDir},
		User:    p.User,
		Network: p.Network,
		Tmpfs:   []string{HomeDir},
		Labels: map[string]string{
			LabelFleet:  p.Fleet,
			LabelRole:   role,
			LabelWorker: strconv.Itoa(n),
			LabelDevice: device,
		},
	}
}
