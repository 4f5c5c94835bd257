//go:build integration

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const (
	image       = "postfleet-worker:dev"
	controlBase = 8500
	// patience bounds every wait; a fleet does its work in a fraction of it.
	patience = 4 * time.Minute
	pollEach = 100 * time.Millisecond
)

// program is the orchestrator under test, built once by TestMain.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "postfleet-e2e-")
	if err == nil {
		program = filepath.Join(dir, "orchestrator")
		err = prepare()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1) //nolint:forbidigo // there is nothing to test
	}
	m.Run() // the testing package exits with its code
	_ = os.RemoveAll(dir)
}

func prepare() error {
	build := exec.Command("go", "build", "-o", program, "postfleet/cmd/orchestrator")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the orchestrator: %w: %s", err, out)
	}
	if out, err := exec.Command("docker", "image", "inspect", image).CombinedOutput(); err != nil {
		return fmt.Errorf("the worker image %s is needed, build it with 'make image': %w: %s", image, err, out)
	}
	return nil
}
