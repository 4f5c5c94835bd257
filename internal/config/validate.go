package config

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/docker/go-units"
)

// Validate checks everything that can be checked without the host's ports or
// the Docker Engine, and joins a FieldError for each problem.
func (c Config) Validate() error {
	var p problems
	c.checkNames(&p)
	c.checkPlaces(&p)
	c.checkDevices(&p)
	c.checkPorts(&p)
	c.checkTimes(&p)
	c.checkNumbers(&p)
	c.checkRecycling(&p)
	c.checkDocker(&p)
	c.checkPosting(&p)
	c.checkAppium(&p)
	c.checkGeelark(&p)
	return p.err()
}

// maxFleetLength keeps "<fleet>-worker-<n>" within the 63 bytes of a DNS label.
const maxFleetLength = 40

func fleetPattern() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`) }

func (c Config) checkNames(p *problems) {
	if !fleetPattern().MatchString(c.Fleet) {
		p.add("fleet", c.Fleet, "use a-z, 0-9, - and _, beginning with a letter or digit",
			"cannot be part of a container's name")
	} else if len(c.Fleet) > maxFleetLength {
		p.add("fleet", c.Fleet, fmt.Sprintf("use at most %d characters", maxFleetLength), "is too long")
	}
	if strings.TrimSpace(c.AppiumStartCmd) == "" {
		p.add("appium_start_cmd", c.AppiumStartCmd, "write the command that starts Appium, such as appium", "is empty")
	}
	if c.TimeZone == "Local" {
		p.add("time_zone", c.TimeZone, "name it, such as Europe/Berlin", "is not the same on every machine")
	} else if _, err := time.LoadLocation(c.TimeZone); err != nil {
		p.add("time_zone", c.TimeZone, "use a name such as UTC or Europe/Berlin", "is no known time zone")
	}
}

func (c Config) checkPlaces(p *problems) {
	if c.DataDir == "" {
		p.add("data_dir", c.DataDir, "name the folder that holds jobs.csv", "is empty")
	}
	for _, dir := range []struct{ key, path string }{{"data_dir", c.DataDir}, {"log_dir", c.LogDir}} {
		if info, err := os.Stat(dir.path); err == nil && !info.IsDir() {
			p.add(dir.key, dir.path, "name a folder", "is not a folder")
		}
		if strings.ContainsAny(dir.path, ":\n") {
			p.add(dir.key, dir.path, "use a path without colons and line breaks", "cannot be mounted into a container")
		}
	}
}

func (c Config) checkTimes(p *problems) {
	for _, t := range []struct {
		key   string
		value time.Duration
		least time.Duration
	}{
		{"restart.window", c.Restart.Window, time.Second},
		{"restart.backoff", c.Restart.Backoff, 100 * time.Millisecond},
		{"restart.backoff_max", c.Restart.BackoffMax, c.Restart.Backoff},
		{"restart.healthy_after", c.Restart.HealthyAfter, time.Second},
		{"proxy.timeout", c.Proxy.Timeout, 100 * time.Millisecond},
		{"shutdown.grace", c.Shutdown.Grace, minGrace},
	} {
		if t.value < t.least {
			p.add(t.key, t.value, fmt.Sprintf("use %v or more", t.least), "is too short")
		}
	}
	if d := c.Retry.Delay; d != 0 && d < 100*time.Millisecond {
		p.add("retry.delay", d, "use 0 for at once, or 100ms or more", "is too short")
	}
}

func (c Config) checkNumbers(p *problems) {
	for _, n := range []struct {
		key   string
		value int
		least int
	}{
		{"num_workers", c.NumWorkers, 0},
		{"appium.recycle_jobs", c.Appium.RecycleJobs, 0},
		{"restart.max", c.Restart.Max, 0},
		{"retry.max_attempts", c.Retry.MaxAttempts, 1},
		{"accounts.max_posts_per_day", c.Accounts.MaxPostsPerDay, 0},
		{"proxy.attempts", c.Proxy.Attempts, 1},
		{"navigator.max_steps", c.Navigator.MaxSteps, 1},
	} {
		if n.value < n.least {
			p.add(n.key, n.value, fmt.Sprintf("use %d or more", n.least), "is too small")
		}
	}
}

func (c Config) checkRecycling(p *problems) {
	const key = "appium.recycle_memory"
	recycle, err := units.RAMInBytes(c.Appium.RecycleMemory)
	if err != nil {
		p.add(key, c.Appium.RecycleMemory, "write a number and a unit, such as 400m, or 0 for no limit", "is no size")
		return
	}
	if recycle != 0 && recycle < minRecycleBytes {
		p.add(key, c.Appium.RecycleMemory, "use 200m or more, or 0 for no limit", "is what Appium takes from the start")
	}
}

const (
	// minRecycleBytes is above what a new server takes: a lower limit would
	// recycle it after every job.
	minRecycleBytes = 200 << 20

	minMemoryBytes = 128 << 20
	minPIDs        = 32
)

func (c Config) checkDocker(p *problems) {
	if c.Docker.Image == "" || strings.ContainsAny(c.Docker.Image, " \t\n") {
		p.add("docker.image", c.Docker.Image, "name the worker image, such as postfleet-worker:dev", "is no image name")
	}
	if !regexp.MustCompile(`^([a-zA-Z0-9][a-zA-Z0-9_.-]*)?$`).MatchString(c.Docker.Network) {
		p.add("docker.network", c.Docker.Network, "use letters, digits, -, _ and .", "is no network name")
	}
	if memory, err := units.RAMInBytes(c.Docker.Memory); err != nil {
		p.add("docker.memory", c.Docker.Memory, "write a number and a unit, such as 768m", "is no size")
	} else if memory < minMemoryBytes {
		p.add("docker.memory", c.Docker.Memory, "use 128m or more", "is too small")
	}
	if c.Docker.CPUs < 0 {
		p.add("docker.cpus", c.Docker.CPUs, "use 0 for no limit, or a number of cores", "is negative")
	}
	if c.Docker.PIDs < minPIDs {
		p.add("docker.pids", c.Docker.PIDs, fmt.Sprintf("use %d or more", minPIDs), "is too small")
	}
}

func validPort(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n > 0 && n < 1<<16
}
