package config

import (
	"errors"
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
	// SlowLinkBytes is geelark.slow_link, in bytes a second; 0 is never.
	SlowLinkBytes int64

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
	slow, slowErr := units.RAMInBytes(c.Geelark.SlowLink)
	var recipeErr error
	d := Derived{
		DataDir: dataDir, LogDir: logDir,
		Network:     c.network(),
		MemoryBytes: memory, RecycleBytes: recycle,
		NanoCPUs: int64(c.Docker.CPUs * 1e9), SlowLinkBytes: slow,
		Timeouts: nest(c.Shutdown.Grace),
		Workers:  c.workers(),
	}
	if !strings.HasPrefix(c.Recipe, builtinPrefix) {
		d.RecipePath, recipeErr = filepath.Abs(c.Recipe)
	}
	return d, errors.Join(recipeErr, dataErr, logErr, memErr, recycleErr, slowErr)
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
