//go:build integration

package e2e

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// An orchestrator that is killed outright leaves its workers working. The next
// launch takes over those that it would make the same today, replaces the
// others, removes what is not in its plan, and leaves other fleets alone.
func TestIntegrationAdoptionOfSome(t *testing.T) {
	jobs := manyJobs(10, 5)
	f := newFleet(t, "some", jobs)
	run := f.launch(2)
	for n := range 2 {
		fault(t, n, `{"kind":"slow_post","for_ms":4000}`)
	}
	eventually(t, "both workers are in a job", func() bool { return f.count("claimed") == 2 })
	run.signal(syscall.SIGKILL)
	<-run.done

	stray := f.name + "-worker-9"
	idle := []string{"run", "--detach", "--entrypoint", "sleep", "--label"}
	docker(t, append(idle, "postfleet.fleet="+f.name, "--name", stray, image, "600")...)
	other := docker(t, append(idle, "postfleet.fleet=e2e-other", "--name", "e2e-other-worker-0", image, "600")...)
	t.Cleanup(func() { docker(t, "rm", "--force", other) })
	before := f.workers(2)

	// One worker more: the first two are in the plan as they were.
	again := f.launch(3)
	eventually(t, "the stray is gone and there is a third worker", func() bool {
		names := docker(t, "ps", "--all", "--filter", "label=postfleet.fleet="+f.name, "--format", "{{.Names}}")
		return !strings.Contains(names, stray) && strings.Contains(names, f.name+"-worker-2")
	})
	if after := f.workers(2); after != before {
		t.Errorf("workers of an unchanged spec: got %s, want them adopted: %s", after, before)
	}
	again.signal(syscall.SIGKILL)
	<-again.done

	// More memory: no worker is as it was.
	t.Setenv("POSTFLEET_DOCKER_MEMORY", "800m")
	before = f.workers(3)
	last := f.launch(3)
	if code := last.exit(); code != 0 {
		t.Errorf("exit code of the last: got %d, want 0", code)
	}
	if said := last.out.String(); strings.Contains(said, "worker adopted") {
		t.Errorf("a worker of a changed spec was adopted; before: %s", before)
	}
	f.mustBePostedOnce(jobs)
	if state := docker(t, "inspect", "--format", "{{.State.Running}}", other); state != "true" {
		t.Errorf("another fleet's container: running is %s, want it left alone", state)
	}
}

// workers are the ids of the first n workers' containers.
func (f *fleet) workers(n int) string {
	f.t.Helper()
	names := []string{"inspect", "--format", "{{.Id}}"}
	for i := range n {
		names = append(names, f.name+"-worker-"+strconv.Itoa(i))
	}
	return docker(f.t, names...)
}
