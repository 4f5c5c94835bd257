package config

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/docker/go-units"
)

// Derived is what follows from a Config and is never written in one.
type Derived struct {
	// DataDir and LogDir are absolute.
	DataDir string
	LogDir  string

	// RecipePath is the absolute path of a recipe that is a file; "" when it is
	// built in.
	RecipePath string

	// Network is docker.network, or the fleet's own.
	Network string

	MemoryBytes int64
	// RecycleBytes is appium.recycle_memory; 0 is no limit.
	RecycleBytes int64
	// NanoCPUs is 1e9 times docker.cpus; 0 is no limit.
	NanoCPUs int64

	Timeouts Timeouts
	// Workers is how many there are: num_workers, or one for each device.
	Workers int
}

// Timeouts nest: Job + Verify < Drain < ContainerStop < Grace, so that each
// level can finish its own clean-up before the next one cuts it off.
type Timeouts struct {
	// Job is the deadline of one attempt, up to the share tap's confirmation.
	Job time.Duration
	// Verify is what an attempt may take on top of it to find out what came of
	// the share tap.
	Verify time.Duration
	// Drain is how long a drained worker may go on before it cancels its job.
	Drain time.Duration
	// ContainerStop is what a container gets between SIGTERM and SIGKILL.
	ContainerStop time.Duration
	// Grace is what the orchestrator gives the whole fleet.
	Grace time.Duration
}

// The kinds of devices that connect names.
const (
	KindSim = "sim"
	KindTCP = "tcp"
)

const minGrace = 10 * time.Second

// nest divides the grace into twentieths. The two between the end of Verify and
// Drain are for what an attempt leaves behind: artifacts, the uploaded video.
func nest(grace time.Duration) Timeouts {
	part := grace / 20
	return Timeouts{
		Job: 11 * part, Verify: 5 * part, Drain: 18 * part, ContainerStop: 19 * part, Grace: grace,
	}
}

func derive(c Config) (Derived, error) {
	logDir := c.LogDir
	if logDir == "" {
		logDir = filepath.Join(c.DataDir, "logs")
	}
	dataDir, dataErr := filepath.Abs(c.DataDir)
	logDir, logErr := filepath.Abs(logDir)
	memory, memErr := units.RAMInBytes(c.Docker.Memory)
	recycle, recycleErr := units.RAMInBytes(c.Appium.RecycleMemory)
	var recipeErr error
	d := Derived{
		DataDir: dataDir, LogDir: logDir,
		Network:     c.network(),
		MemoryBytes: memory, RecycleBytes: recycle,
		NanoCPUs: int64(c.Docker.CPUs * 1e9),
		Timeouts: nest(c.Shutdown.Grace),
		Workers:  c.workers(),
	}
	if !strings.HasPrefix(c.Recipe, builtinPrefix) {
		d.RecipePath, recipeErr = filepath.Abs(c.Recipe)
	}
	return d, errors.Join(recipeErr, dataErr, logErr, memErr, recycleErr)
}

// network is docker.network. Without one, each fleet has its own: on a shared
// one its Appiums could be reached by other fleets, and the first fleet to end
// could not remove it.
func (c Config) network() string {
	const name, defaultFleet = "postfleet", "default"
	switch {
	case c.Docker.Network != "":
		return c.Docker.Network
	case c.Fleet == defaultFleet:
		return name
	default:
		return name + "-" + c.Fleet
	}
}

// workers is NumWorkers, or one for each device when that is 0.
func (c Config) workers() int {
	if c.NumWorkers == 0 {
		return len(c.Devices)
	}
	return c.NumWorkers
}

// parseConnect returns the host:port of a device's adbd; "" for a simulated
// phone. Its errors end in the mend.
func parseConnect(connect string) (address string, err error) {
	scheme, rest, _ := strings.Cut(connect, "://")
	switch scheme {
	case KindSim:
		if rest != "" {
			return "", errors.New("sim takes no address: write sim")
		}
		return "", nil
	case KindTCP:
		host, port, err := net.SplitHostPort(rest)
		if err != nil || host == "" || !validPort(port) {
			return "", errors.New("is no address of an adbd: write tcp://host:port, such as tcp://192.0.2.7:5555")
		}
		return rest, nil
	case "usb", "adb-server", "geelark":
		return "", fmt.Errorf("%s is not in this version: use tcp://host:port or sim", scheme)
	case "":
		return "", errors.New("is missing: write tcp://host:port or sim")
	default:
		return "", errors.New("is no way to connect: write tcp://host:port or sim")
	}
}
