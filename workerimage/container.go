package workerimage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// Container is what one container of the fleet is to be, in our words. The
// Docker Engine and compose each have one translation of it.
type Container struct {
	Name    string
	Image   string
	Command []string
	Env     map[string]string
	Labels  map[string]string
	// User is uid:gid; "" is the image's own.
	User string

	Network string
	// Aliases are further names on Network; the container name always is one.
	Aliases []string
	Ports   []Port
	Mounts  []Mount
	// Tmpfs are paths that are writable and forgotten.
	Tmpfs []string
	// Devices are device files of the host that the container may read and
	// write, under the same path. It may open no other.
	Devices []string `json:",omitempty"`
	// Groups are the gids that its user is in besides its own.
	Groups []string `json:",omitempty"`
	// HostGateway is a name by which the container reaches the engine's host; ""
	// is none.
	HostGateway string `json:",omitempty"`

	MemoryBytes int64
	// NanoCPUs is 1e9 times the share of a core; 0 is no limit.
	NanoCPUs int64
	PIDs     int64
	// StopTimeout is how long a stop waits between SIGTERM and SIGKILL.
	StopTimeout time.Duration
	Health      *Health
}

// HostName is what a container calls the engine's host.
const HostName = "host.docker.internal"

// Port publishes a TCP port of the container on the host.
type Port struct {
	HostIP        string
	HostPort      int
	ContainerPort int
}

// Mount binds a host path into the container.
type Mount struct {
	// Source is a path as the Docker daemon sees it.
	Source   string
	Target   string
	ReadOnly bool
}

// Health is the container's health check.
type Health struct {
	Command     []string
	Interval    time.Duration
	Timeout     time.Duration
	StartPeriod time.Duration
	Retries     int
}

// Detection is the most that passes between the moment a container hangs and
// the moment Docker calls it unhealthy, once StartPeriod is over: it hangs just
// after it answered, and each check takes all its time.
func (h Health) Detection() time.Duration {
	return time.Duration(h.Retries) * (h.Interval + h.Timeout)
}

// Hash returns a short digest of all that makes the container what it is:
// everything but its labels. Two specs with the same hash are interchangeable.
func (c Container) Hash() (string, error) {
	c.Labels = nil
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("hash spec of %s: %w", c.Name, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

// WithLabels returns c with more labels, leaving c's own map alone.
func (c Container) WithLabels(more map[string]string) Container {
	labels := maps.Clone(c.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, more)
	c.Labels = labels
	return c
}
