//go:build integration

package dockerengine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/dockerengine"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestIntegrationOneDevice: a container's user opens the one device file that it
// was given, by the group that it was given, and neither makes nor finds another.
// A device of the kernel's stands in for a phone.
func TestIntegrationOneDevice(t *testing.T) {
	const group, charDevice, zero = 4242, syscall.S_IFCHR | 0o660, 1<<8 | 5
	node := filepath.Join(t.TempDir(), "005")
	if err := syscall.Mknod(node, charDevice, zero); err != nil {
		t.Fatalf("make a device file, which takes root: %v", err)
	}
	if err := errors.Join(os.Chmod(node, 0o660), os.Chown(node, 0, group)); err != nil {
		t.Fatal(err)
	}
	opens := "head -c 1 " + node + " >/dev/null && ! mknod /dev/shm/x c 1 5 2>/dev/null && ! ls /dev/bus 2>/dev/null"
	for name, tc := range map[string]struct {
		groups []string
		script string
		want   int
	}{
		"in its group":      {[]string{"4242"}, opens, 0},
		"not in its group":  {nil, "head -c 1 " + node + " 2>/dev/null && exit 0; exit 7", 7},
		"the engine's host": {nil, "getent hosts " + workerimage.HostName, 0},
	} {
		t.Run(name, func(t *testing.T) {
			exit := runOnce(t, workerimage.Container{
				Name: "one-device", Image: image, Command: []string{"sh", "-c", tc.script}, User: "10001:10001",
				Labels:  map[string]string{workerimage.LabelFleet: "one-device"},
				Devices: []string{node}, Groups: tc.groups, HostGateway: workerimage.HostName,
			})
			if exit.Code != tc.want {
				t.Errorf("got %+v, want code %d", exit, tc.want)
			}
		})
	}
}

// runOnce runs a container to its end and removes it.
func runOnce(t *testing.T, spec workerimage.Container) orchestrator.Exit {
	t.Helper()
	engine, err := dockerengine.New()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := engine.Start(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	exit, err := engine.Wait(ctx, c.ID)
	if err != nil {
		t.Error(err)
	}
	if err := engine.Remove(context.WithoutCancel(ctx), c.ID); err != nil {
		t.Error(err)
	}
	return exit
}
