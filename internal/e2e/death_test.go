//go:build integration

package e2e

import (
	"strings"
	"syscall"
	"testing"
)

// A worker that dies right after the share tap leaves a job of which nobody
// knows whether it was posted. It must be found out, and never posted again.
func TestIntegrationWorkerKilledWhilePosting(t *testing.T) {
	jobs := manyJobs(3, 1)
	f := newFleet(t, "killed", jobs)
	run := f.launch(1)
	fault(t, 0, `{"kind":"slow_post","for_ms":6000,"count":1}`)
	eventually(t, "the first job is posting", func() bool {
		rows := f.rows()
		return len(rows) > 0 && rows[0]["phase"] == "posting"
	})
	docker(t, "kill", "--signal", "KILL", f.name+"-worker-0")
	if code := run.exit(); code != 0 {
		t.Errorf("exit code: got %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
}

// The post lands, then the link drops before the phone says so.
func TestIntegrationPostThenDie(t *testing.T) {
	jobs := manyJobs(2, 1)
	f := newFleet(t, "postdie", jobs)
	run := f.launch(1)
	fault(t, 0, `{"kind":"post_then_die","count":1}`)
	if code := run.exit(); code != 0 {
		t.Errorf("exit code: got %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
}

// An orchestrator killed outright leaves its workers working; the next launch
// takes them over and replaces none of them.
func TestIntegrationAdoption(t *testing.T) {
	jobs := manyJobs(6, 3)
	f := newFleet(t, "adopt", jobs)
	run := f.launch(2)
	for n := range 2 {
		fault(t, n, `{"kind":"slow_post","for_ms":4000}`)
	}
	eventually(t, "both workers are in a job", func() bool { return f.count("claimed") == 2 })
	before := docker(t, "inspect", "-f", "{{.Id}}", f.name+"-worker-0", f.name+"-worker-1")
	run.signal(syscall.SIGKILL)
	<-run.done

	again := f.launch(2)
	eventually(t, "the successor has looked around", func() bool {
		said := again.out.String()
		return strings.Contains(said, "worker adopted") || strings.Contains(said, "worker started")
	})
	after := docker(t, "inspect", "-f", "{{.Id}}", f.name+"-worker-0", f.name+"-worker-1")
	if before != after {
		t.Errorf("the workers were replaced: got %s, want %s", after, before)
	}
	if code := again.exit(); code != 0 {
		t.Errorf("exit code of the successor: got %d, want 0", code)
	}
	f.mustBePostedOnce(jobs)
}
