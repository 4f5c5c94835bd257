//go:build integration

package e2e

import (
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/phonesim/geelark"
)

// Workers and orchestrators are killed at random moments. After one
// "orchestrator stop" no phone runs, and nothing was ever posted twice; the next
// launch does the rest.
func TestIntegrationCloudPhonesKilled(t *testing.T) {
	const seed, kills, workers, jobs = 11, 6, 3, 18
	dice := rand.New(rand.NewPCG(seed, seed))
	f := newCloudFleet(t, "cloudkill", workers, jobs, 6, "")
	run := f.start()
	for range kills {
		pause := time.Duration(1500+dice.IntN(4000)) * time.Millisecond
		settle(pause, func() bool { return false })
		if dice.IntN(3) > 0 {
			f.killWorker(dice.IntN(workers))
			continue
		}
		run.kill()
		settle(time.Duration(dice.IntN(3000))*time.Millisecond, func() bool { return false })
		run = f.start()
	}
	run.kill()
	f.stop()
	f.mustBeOff()
	if found := f.judge(); len(found.Lost) != 0 {
		t.Errorf("rows that are nobody's: %v", found.Lost)
	}

	if code := f.start().exit(); code != 0 && code != 3 {
		t.Errorf("the launch after it: got exit code %d", code)
	}
	f.mustBeOff()
	found := f.judge()
	t.Logf("%d success, %d fail, unknown: %v", found.Success, found.Fail, found.Unknown)
	for _, row := range f.rows() {
		if row["status"] == "fail" {
			t.Logf("failed: %v", row)
		}
	}
	if len(found.Lost)+len(found.Waiting) != 0 {
		t.Errorf("lost: %v, waiting: %v", found.Lost, found.Waiting)
	}
}

// killWorker kills the n-th worker's container, if it runs.
func (c *cloudFleet) killWorker(n int) {
	c.t.Helper()
	running, err := c.runningWorkers()
	if err != nil {
		c.t.Fatal(err)
	}
	if name := c.bed.Worker(n); strings.Contains(running, name) {
		_ = kill(name) // it may have ended meanwhile
	}
}

// An orchestrator and its worker die with a phone on; nobody stops the fleet, but
// the next launch finds it.
func TestIntegrationCloudPhoneLeftOn(t *testing.T) {
	f := newCloudFleet(t, "cloudleft", 1, 2, 2, "")
	run := f.start()
	eventually(t, "a phone is on", func() bool { return f.meter().Running == 1 })
	run.kill()
	_ = kill(f.bed.Worker(0))
	if out, err := f.command("phones", "list").Output(); err != nil || !strings.Contains(string(out), "acct_") {
		t.Errorf("phones list: got %s, %v", out, err)
	}
	if n := f.meter().Running; n != 1 {
		t.Errorf("phones left on: got %d, want 1", n)
	}
	if code := f.start().exit(); code != 0 {
		t.Errorf("exit code: got %d, want 0", code)
	}
	f.mustBeOff()
	f.judge()
}

// The login lapses in the middle of every post, and between: the posts complete,
// or are verified, never twice.
func TestIntegrationCloudLoginLapses(t *testing.T) {
	const jobs = 4
	f := newCloudFleet(t, "cloudlogin", 1, jobs, 2, "")
	run := f.start()
	eventually(t, "a phone is on", func() bool { return f.meter().Running == 1 })
	if err := f.cloud.Break(t.Context(), geelark.Fault{Kind: "slow_post", ForMS: 2000}); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(pollEach)
	defer tick.Stop()
	lapses, struck := 0, map[string]bool{}
	for ended := false; !ended; {
		select {
		case <-run.done:
			ended = true
		case <-tick.C:
			for _, row := range f.rows() {
				// Once when a job's post is under way, once when it is done.
				at := row["job_id"] + row["phase"]
				if struck[at] || row["phase"] == "" && row["status"] != "success" {
					continue
				}
				if f.cloud.Break(t.Context(), geelark.Fault{Kind: "glogin_expired", Count: 1}) == nil {
					struck[at] = true
					lapses++
				}
			}
		}
	}
	if lapses < jobs {
		t.Errorf("got %d lapses, want one in each post at least", lapses)
	}
	if code := run.exit(); code != 0 {
		t.Errorf("exit code: got %d, want 0", code)
	}
	f.mustBeOff()
	if found := f.judge(); found.Success != jobs {
		t.Errorf("after %d lapses: got %+v, want %d successes", lapses, found, jobs)
	}
}

// An account without credit stops the fleet, with the reason; one phone that has
// expired, or that somebody else uses, stops only its own account's jobs.
func TestIntegrationCloudRefuses(t *testing.T) {
	f := newCloudFleet(t, "cloudrefuse", 2, 6, 3, "")
	for _, fault := range []geelark.Fault{
		{Kind: "expired", Phone: "acct_1"}, {Kind: "busy", Phone: "acct_2"}, {Kind: "no_balance", Count: 1},
	} {
		if err := f.cloud.Break(t.Context(), fault); err != nil {
			t.Fatal(err)
		}
	}
	run := f.start()
	if code := run.exit(); code != 4 {
		t.Errorf("no credit: got exit code %d, want 4", code)
	}
	if said := run.out.String(); !strings.Contains(said, "needs a person") || !strings.Contains(said, "41001") {
		t.Error("the reason is not said")
	}
	f.mustBeOff()
	if code := f.start().exit(); code != 3 {
		t.Errorf("one expired, one busy: got exit code %d, want 3", code)
	}
	f.mustBeOff()
	if found := f.judge(); found.Success != 2 {
		t.Errorf("got %+v, want the two jobs of acct_0 posted", found)
	}
	for _, row := range f.rows() {
		if row["account_name"] == "acct_1" && row["status"] != "fail" && row["status"] != "skip" {
			t.Errorf("acct_1: got %v", row)
		}
	}
}

// A phone that shuts down by itself in the middle of the work is started again.
func TestIntegrationCloudPhoneShutsDown(t *testing.T) {
	f := newCloudFleet(t, "cloudshut", 1, 3, 1, "")
	run := f.start()
	eventually(t, "a job is done", func() bool { return f.count("success") > 0 })
	if err := f.cloud.Break(t.Context(), geelark.Fault{Kind: "shutdown", Phone: "acct_0"}); err != nil {
		t.Fatal(err)
	}
	if code := run.exit(); code != 0 {
		t.Errorf("exit code: got %d, want 0", code)
	}
	f.mustBeOff()
	f.judge()
}

func (r *running) kill() {
	r.t.Helper()
	_ = r.cmd.Process.Signal(syscall.SIGKILL)
	<-r.done
}
