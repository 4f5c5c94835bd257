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

// rootProject are the arguments that name the compose file at the root. What is
// left of the project in the end is an error, and removed.
func (f *fleet) rootProject() []string {
	f.t.Helper()
	file := []string{"-f", repository + "/docker-compose.yml", "-p", f.name}
	f.t.Cleanup(func() {
		if f.t.Failed() {
			f.logLogs()
		}
		down := f.compose(append(file, "down", "-v", "--remove-orphans")...)
		again := exec.Command(down.Path, down.Args[1:]...)
		again.Env = down.Env
		if out, err := again.CombinedOutput(); err != nil {
			f.t.Errorf("compose down: %v: %s", err, out)
		}
		f.mustBeGone()
	})
	return file
}

// mustBeGone says what the engine still has of the compose project.
func (f *fleet) mustBeGone() {
	f.t.Helper()
	filter := "label=com.docker.compose.project=" + f.name
	for _, ask := range [][]string{{"ps", "-a"}, {"network", "ls"}} {
		if left := docker(f.t, append(ask, "-q", "--filter", filter)...); left != "" {
			f.t.Errorf("docker %s: got %s, want nothing of %s", strings.Join(ask, " "), left, f.name)
		}
	}
}

// "docker compose up" at the root: the orchestrator runs in a container, finds
// the host's side of its own mounts, and the fleet does its work. The end of a
// worker is the orchestrator's business, and not the end of the stack.
func TestIntegrationComposeUp(t *testing.T) {
	jobs := manyJobs(4, 2)
	f := newFleet(t, "up", jobs)
	up := f.compose(append(f.rootProject(),
		"up", "--no-build", "--abort-on-container-exit", "--exit-code-from", "orchestrator")...)
	var said syncBuffer
	up.Stdout, up.Stderr = &said, &said
	if err := up.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a job is claimed", func() bool { return f.count("claimed") > 0 })
	docker(t, "kill", "--signal", "KILL", f.name+"-worker-0")
	if err := up.Wait(); err != nil {
		t.Errorf("compose up: got %v, want the orchestrator's 0\n%s", err, said.String())
	}
	if got := f.count("success"); got != len(jobs) {
		t.Errorf("success rows: got %d, want %d", got, len(jobs))
	}
	f.mustBePostedOnce(jobs)
}

// "docker compose down" takes the fleet along though its orchestrator is dead,
// and lets the workers finish their jobs.
func TestIntegrationComposeDownWithoutOrchestrator(t *testing.T) {
	jobs := manyJobs(8, 4)
	f := newFleet(t, "down", jobs)
	file := f.rootProject()
	f.mustRun(f.compose(append(file, "up", "--no-build", "--detach")...))
	for n := range 3 {
		fault(t, n, `{"kind":"slow_post","for_ms":4000}`)
	}
	eventually(t, "two workers are posting", func() bool {
		posting := 0
		for _, row := range f.rows() {
			if row["phase"] == "posting" {
				posting++
			}
		}
		return posting >= 2
	})
	docker(t, "kill", "--signal", "KILL", f.name+"-orchestrator-1")
	if left := f.containers(); len(left) < 4 {
		t.Fatalf("the fleet has %d containers, want workers and phones to outlive the orchestrator", len(left))
	}
	t.Log(f.mustRun(f.compose(append(file, "down")...)))
	f.mustBeGone()
	if left := f.containers(); len(left) != 0 {
		t.Errorf("containers left after compose down: %v", left)
	}
	if done, claimed := f.count("success"), f.count("claimed"); done < 2 || claimed != 0 {
		t.Errorf("got %d success and %d claimed rows, want the running jobs done", done, claimed)
	}
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
