package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"postfleet/internal/dockerengine"
	"postfleet/internal/doctor"
	"postfleet/internal/fault"
	"postfleet/internal/progress/filelock"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// clinic is a world whose engine answers what doctor asks.
type clinic struct {
	*world
	eng    *clinicEngine
	shared error
}

type clinicEngine struct {
	testEngine
	about dockerengine.About
	image error
	// seen is how the container ends that looks for a file.
	seen  int
	tried []workerimage.Container
}

func (e *clinicEngine) About(context.Context) (dockerengine.About, error) { return e.about, nil }

func (e *clinicEngine) Image(context.Context, string) (string, error) { return "sha256:0123", e.image }

func (e *clinicEngine) Networks(context.Context, string) ([]string, error) { return nil, nil }

func (e *clinicEngine) Try(
	_ context.Context, spec workerimage.Container,
) (orchestrator.Exit, string, error) {
	e.tried = append(e.tried, spec)
	if len(spec.Mounts) == 0 {
		return orchestrator.Exit{}, `{"dependencies":{"appium":"3.1","appium-uiautomator2-driver":"8.1"}}`, nil
	}
	return orchestrator.Exit{Code: e.seen}, "answer\n", nil
}

func newClinic(t *testing.T) *clinic {
	t.Helper()
	c := &clinic{world: newWorld(t, twoJobs)}
	c.eng = &clinicEngine{testEngine: testEngine{c.engine}, about: dockerengine.About{Version: "20.10", API: "1.41"}}
	c.app.newExamined = func() (examined, error) { return c.eng, nil }
	c.app.probeShared = func(context.Context, string, []string) error { return c.shared }
	return c
}

// examine runs doctor on simulated phones and returns the findings by check.
func (c *clinic) examine(code int, args ...string) map[string][]doctor.Finding {
	c.t.Helper()
	if got := c.run(append([]string{"doctor", "--json", "--simulate", "--workers", "2"}, args...)...); got != code {
		c.t.Errorf("got exit code %d, want %d\n%s%s", got, code, c.out.String(), c.err.String())
	}
	var report struct{ Findings []doctor.Finding }
	if err := json.Unmarshal([]byte(c.out.String()), &report); err != nil {
		c.t.Fatal(err)
	}
	byCheck := map[string][]doctor.Finding{}
	for _, f := range report.Findings {
		byCheck[f.Check] = append(byCheck[f.Check], f)
	}
	return byCheck
}

// allChecks are those of every report.
func allChecks() []string {
	return []string{
		checkConfig, checkRecipe, "secrets", "clock", checkDir, checkSystem, checkDisk, checkRunning,
		checkLocks, checkLedger,
		checkJobs, postedFile, checkReach, checkImage, checkPath, checkShared, checkPlan, checkLeft,
	}
}

func TestDoctorOfAHealthyFleet(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	before := c.tree()
	found := c.examine(0)
	for _, check := range append(allChecks(), "device sim-0", "device sim-1") {
		if len(found[check]) != 1 || found[check][0].Status != doctor.OK {
			t.Errorf("%s: got %+v, want ok", check, found[check])
		}
	}
	mustBeSame(t, before, c.tree())
	for _, spec := range c.eng.tried {
		if spec.Labels[workerimage.LabelFleet] != "doctor:test" || spec.Network != "none" {
			t.Errorf("got %+v, want no container of the fleet's", spec)
		}
	}
}

// TestDoctorFindings breaks one thing after the other: it is told, everything
// else is checked all the same, and what depends on it says that it was not.
func TestDoctorFindings(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		damage func(c *clinic)
		code   int
		check  string
		status doctor.Status
		want   string
		// unchecked are the checks that cannot be made.
		unchecked []string
	}{
		{
			"config", func(c *clinic) { c.write("fleet.yaml", "fleet: test\nwho: me\nappium_port_step: 0\n") }, 2,
			checkConfig, doctor.Fail, "who",
			[]string{checkRecipe, "secrets", checkPlan, "devices"},
		},
		{
			"data directory", func(c *clinic) { c.write("fleet.yaml", "fleet: test\ndata_dir: /none\n") }, 0,
			checkDir, doctor.OK, "is writable", nil, // --data-dir says another
		},
		{
			"jobs.csv", func(c *clinic) { c.write("data/jobs.csv", "account_name\nx\n") }, 2,
			checkJobs, doctor.Fail, "video_path", nil,
		},
		{
			"video", func(c *clinic) { c.write("data/jobs.csv", twoJobs+"a,none.mp4,x\n") }, 0,
			checkJobs, doctor.OK, "3 jobs of 3 accounts", nil,
		},
		{
			"posted.csv", func(c *clinic) { c.write("data/posted.csv", "nonsense\n") }, 0,
			postedFile, doctor.Warn, "1 lines cannot be read", nil,
		},
		{
			"ledger", func(c *clinic) { c.write("data/progress.csv", "job_id,nonsense\n") }, 1,
			checkLedger, doctor.Fail, "progress.csv", nil,
		},
		{
			"locks", func(c *clinic) {
				c.app.probeLocks = func(context.Context, string) error { return errors.New("no locks: mend") }
			}, 1, checkLocks, doctor.Fail, "no locks: mend", nil,
		},
		{
			"engine", func(c *clinic) { c.unreachable.Store(true) }, 1, checkReach, doctor.Fail, "unreachable",
			[]string{checkImage, checkPath, checkShared, checkPlan, checkLeft},
		},
		{
			"image", func(c *clinic) { c.eng.image = orchestrator.ErrNoImage }, 1,
			checkImage, doctor.Fail, "no such image",
			[]string{checkPath, checkShared},
		},
		{
			"another host's path", func(c *clinic) { c.eng.seen = 7 }, 1, checkPath, doctor.Fail,
			"runs on another host",
			[]string{checkShared},
		},
		{
			"not writable for workers", func(c *clinic) { c.eng.seen = 8 }, 1, checkPath, doctor.Fail,
			"cannot write to",
			[]string{checkShared},
		},
		{
			"locks between host and container",
			func(c *clinic) { c.shared = fault.Errorf(fault.Ledger, "not shared: mend") },
			1, checkShared, doctor.Fail, "not shared: mend", nil,
		},
		{
			"remapped users", func(c *clinic) { c.eng.about.RemapsUsers = true }, 0, checkReach, doctor.OK, "API 1.41",
			[]string{checkShared},
		},
		{
			"in a container", func(c *clinic) { c.eng.about.Inside = true }, 0, checkReach, doctor.OK,
			"this process is in one of its containers",
			[]string{checkPlan},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClinic(t)
			tc.damage(c)
			found := c.examine(tc.code)
			got := found[tc.check]
			if len(got) == 0 || got[0].Status != tc.status || !strings.Contains(got[0].Seen, tc.want) {
				t.Errorf("%s: got %+v, want %s with %q", tc.check, got, tc.status, tc.want)
			}
			for _, check := range append(allChecks(), tc.unchecked...) {
				skipped := len(found[check]) == 1 && found[check][0].Status == doctor.Unchecked
				if len(found[check]) == 0 || skipped != slices.Contains(tc.unchecked, check) {
					t.Errorf("%s: got %+v, want it unchecked: %t", check, found[check], !skipped)
				}
			}
		})
	}
}

func TestDoctorWhileAFleetRuns(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	lock, err := filelock.Hold(c.path("data/" + orchestrator.LockFile))
	if err != nil {
		t.Fatal(err)
	}
	found := c.examine(0)
	if got := found[checkRunning][0]; got.Status != doctor.OK || !strings.Contains(got.Seen, "one runs") {
		t.Errorf("got %+v", got)
	}
	for _, check := range []string{checkLocks, checkShared} {
		if got := found[check][0]; got.Status != doctor.Unchecked {
			t.Errorf("got %+v, want the locks left to the launch", got)
		}
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestDoctorWithoutADataDirectory(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	args := []string{"doctor", "--simulate", "--config", c.path("fleet.yaml"), "--data-dir", c.path("none")}
	if code := c.app.run(t.Context(), args); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	c.mustHold("findings", c.out.String(), "none is no folder", "not checked: there is no data directory")
}

func TestDoctorGreetsPhones(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	c.write("fleet.yaml", "fleet: test\nbase_appium_port: 20990\n"+
		"devices:\n  - {name: p, connect: \"tcp://127.0.0.1:1\"}\n")
	if code := c.run("doctor"); code != 1 {
		t.Errorf("got exit code %d, want 1", code)
	}
	c.mustHold("findings", c.out.String(), "device p", "127.0.0.1:1 cannot be reached", "adb tcpip 5555")
}

func TestSharedProbeAnswersWithAContainer(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	tr := &trial{fleet: "f", image: "i", source: "/srv/data", user: "1:2"}
	var out bytes.Buffer
	if err := tr.answer(t.Context(), c.eng, "/srv/data/probe file", strings.NewReader("\n\n"), &out); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "answer\nanswer\n" {
		t.Errorf("got %q, want an answer to each question", got)
	}
	for _, spec := range c.eng.tried {
		script, got := spec.Command[2], spec.Command[len(spec.Command)-1]
		if got != "/data/probe file" || strings.Contains(script, got) {
			t.Errorf("got %q, want the file's name out of the script", spec.Command)
		}
	}
}

func TestEngineEnvironment(t *testing.T) {
	t.Parallel()
	got := engineEnvironment([]string{"DOCKER_HOST=unix:///x", "POSTFLEET_PROXY_ROTATE_URL=secret", "HOME=/h"})
	if len(got) != 2 || got[0] != "DOCKER_HOST=unix:///x" || !strings.HasPrefix(got[1], "PATH=") {
		t.Errorf("got %q, want what finds the engine only", got)
	}
}
