//go:build integration

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	repository    = "../.."
	composeBinary = repository + "/build/bin/docker-compose"
)

// compose runs docker compose: the one that set-up built, or the plugin.
func (f *fleet) compose(args ...string) *exec.Cmd {
	f.t.Helper()
	cmd := exec.CommandContext(f.t.Context(), "docker", append([]string{"compose"}, args...)...)
	if path, err := filepath.Abs(composeBinary); err == nil {
		if _, err := os.Stat(path); err == nil {
			cmd = exec.CommandContext(f.t.Context(), path, args...)
		}
	}
	cmd.Env = append(os.Environ(), "POSTFLEET_FLEET="+f.name, "POSTFLEET_DATA="+f.dir)
	return cmd
}

func (f *fleet) mustRun(cmd *exec.Cmd) string {
	f.t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		f.t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return string(out)
}

// "docker compose up" at the root: the orchestrator runs in a container, finds
// the host's side of its own mounts, and the fleet does its work.
func TestIntegrationComposeUp(t *testing.T) {
	jobs := manyJobs(4, 2)
	f := newFleet(t, "up", jobs)
	file := []string{"-f", repository + "/docker-compose.yml", "-p", f.name}
	t.Cleanup(func() {
		down := f.compose(append(file, "down", "-v")...)
		down.Cancel = nil
		if out, err := exec.Command(down.Path, down.Args[1:]...).CombinedOutput(); err != nil {
			t.Logf("compose down: %v: %s", err, out)
		}
		if t.Failed() {
			f.logLogs()
		}
	})
	t.Log(f.mustRun(f.compose(append(file,
		"up", "--no-build", "--abort-on-container-exit", "--exit-code-from", "orchestrator")...)))
	if got := f.count("success"); got != len(jobs) {
		t.Errorf("success rows: got %d, want %d", got, len(jobs))
	}
	f.mustBePostedOnce(jobs)
}

// "orchestrator compose" renders a plan that runs the same fleet without an
// orchestrator.
func TestIntegrationComposeRendered(t *testing.T) {
	jobs := manyJobs(4, 2)
	f := newFleet(t, "rendered", jobs)
	plan := []string{"--simulate", "--workers", "2", "--data-dir", f.dir}
	f.mustRun(f.command("seed", "--data-dir", f.dir))
	render := f.command(append([]string{"compose"}, plan...)...)
	text, err := render.Output()
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	path := filepath.Join(t.TempDir(), "fleet.yml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if left := f.containers(); len(left) > 0 { // the test failed half-way
			docker(t, append([]string{"rm", "-f"}, left...)...)
		}
	})
	f.mustRun(f.compose("-f", path, "up", "-d"))
	eventually(t, "every row is done", func() bool { return f.count("success") == len(jobs) })
	for n := range 2 {
		eventually(t, "worker "+strconv.Itoa(n)+" ends by itself", func() bool {
			name := f.name + "-worker-" + strconv.Itoa(n)
			return docker(t, "inspect", "-f", "{{.State.Running}} {{.State.ExitCode}}", name) == "false 0"
		})
	}
	f.gatherPosts(2)
	f.mustBePostedOnce(jobs)
	f.mustRun(f.compose("-f", path, "down"))
	if left := f.containers(); len(left) != 0 {
		t.Errorf("containers left after compose down: %v", left)
	}
}
