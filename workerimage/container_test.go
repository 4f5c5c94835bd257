package workerimage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/workerimage"
)

func TestHashKnowsEverythingButLabels(t *testing.T) {
	t.Parallel()
	base := func() workerimage.Container {
		return workerimage.Container{
			Name: "n", Image: "i", Command: []string{"c"}, Env: map[string]string{"k": "v", "l": "w"},
			Labels: map[string]string{"run": "1"}, User: "1:1", Network: "net", Aliases: []string{"a"},
			Ports:  []workerimage.Port{{HostIP: "127.0.0.1", HostPort: 1, ContainerPort: 2}},
			Mounts: []workerimage.Mount{{Source: "/s", Target: "/t"}}, Tmpfs: []string{"/tmp"},
			MemoryBytes: 1, NanoCPUs: 2, PIDs: 3, StopTimeout: time.Second,
			Health: &workerimage.Health{Command: []string{"h"}, Interval: time.Second},
		}
	}
	want := hash(t, base())
	same := base()
	same.Labels = map[string]string{"run": "2"}
	if got := hash(t, same); got != want {
		t.Errorf("labels changed the hash from %s to %s", want, got)
	}
	changes := map[string]func(*workerimage.Container){
		"name":    func(c *workerimage.Container) { c.Name = "m" },
		"image":   func(c *workerimage.Container) { c.Image = "j" },
		"command": func(c *workerimage.Container) { c.Command = []string{"d"} },
		"env":     func(c *workerimage.Container) { c.Env["k"] = "u" },
		"user":    func(c *workerimage.Container) { c.User = "2:2" },
		"network": func(c *workerimage.Container) { c.Network = "other" },
		"aliases": func(c *workerimage.Container) { c.Aliases = nil },
		"ports":   func(c *workerimage.Container) { c.Ports[0].HostPort = 9 },
		"mounts":  func(c *workerimage.Container) { c.Mounts[0].ReadOnly = true },
		"tmpfs":   func(c *workerimage.Container) { c.Tmpfs = nil },
		"devices": func(c *workerimage.Container) { c.Devices = []string{"/dev/bus/usb/001/005"} },
		"groups":  func(c *workerimage.Container) { c.Groups = []string{"46"} },
		"gateway": func(c *workerimage.Container) { c.HostGateway = "host" },
		"memory":  func(c *workerimage.Container) { c.MemoryBytes = 9 },
		"cpus":    func(c *workerimage.Container) { c.NanoCPUs = 9 },
		"pids":    func(c *workerimage.Container) { c.PIDs = 9 },
		"stop":    func(c *workerimage.Container) { c.StopTimeout = 9 },
		"health":  func(c *workerimage.Container) { c.Health.Interval = 9 },
	}
	for name, change := range changes {
		c := base()
		change(&c)
		if hash(t, c) == want {
			t.Errorf("a change of %s left the hash as it was", name)
		}
	}
}

func hash(t *testing.T, c workerimage.Container) string {
	t.Helper()
	h, err := c.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestWithLabelsLeavesTheOriginal(t *testing.T) {
	t.Parallel()
	c := workerimage.Container{Labels: map[string]string{"a": "1", "b": "1"}}
	got := c.WithLabels(map[string]string{"b": "2"}).Labels
	if diff := cmp.Diff(map[string]string{"a": "1", "b": "2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c.Labels["b"] != "1" {
		t.Error("the original's labels changed")
	}
	if got := (workerimage.Container{}).WithLabels(map[string]string{"a": "1"}).Labels["a"]; got != "1" {
		t.Errorf("without labels before: got %q, want 1", got)
	}
}
