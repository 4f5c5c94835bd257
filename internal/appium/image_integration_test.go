//go:build integration

package appium_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const workerImage = "postfleet-worker:dev"

// run runs a program and returns its standard output.
func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
	defer cancel()
	var failed strings.Builder
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v: %s", program, strings.Join(args, " "), err, failed.String())
	}
	return strings.TrimSpace(string(out))
}

// TestIntegrationImageHasWhatIsPinned: the server and the one driver in the
// worker image are those of package.json, complete without a network, and nothing
// of a test is among them.
func TestIntegrationImageHasWhatIsPinned(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../workerimage/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &pinned); err != nil {
		t.Fatal(err)
	}
	in := func(args ...string) string {
		// As root, because the list wants a home that it can write to; the server does not.
		sandbox := []string{"run", "--rm", "--network", "none", "--user", "0", workerImage}
		return run(t, "docker", append(sandbox, args...)...)
	}
	if got, want := in("appium", "--version"), pinned.Dependencies["appium"]; got != want {
		t.Errorf("server: got %s, want %s", got, want)
	}
	type driver struct {
		Version     string `json:"version"`
		PkgName     string `json:"pkgName"`
		InstallType string `json:"installType"`
		InstallPath string `json:"installPath"`
	}
	got := map[string]driver{}
	if err := json.Unmarshal([]byte(in("appium", "driver", "list", "--installed", "--json")), &got); err != nil {
		t.Fatal(err)
	}
	const name = "appium-uiautomator2-driver"
	want := map[string]driver{"uiautomator2": {
		Version: pinned.Dependencies[name], PkgName: name, InstallType: "npm",
		InstallPath: "/opt/appium/node_modules/" + name, // elsewhere, and it would load another one
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("drivers (-want +got):\n%s", diff)
	}
}
