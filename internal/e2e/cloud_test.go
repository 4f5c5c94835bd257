//go:build integration

package e2e

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/phonesim/geelark"
	"postfleet/internal/testbed"
)

const cloudToken = "token-of-the-e2e"

// cloudFleet is a data directory whose devices are cloud phones, by account, and
// the cloud.
type cloudFleet struct {
	*fleet
	bed   *testbed.Fleet
	cloud *testbed.Cloud
}

// newCloudFleet has so many workers, and a phone for each account. more is
// added to fleet.yaml.
func newCloudFleet(t *testing.T, name string, workers, jobs, accounts int, more string) *cloudFleet {
	t.Helper()
	f := &fleet{t: t, name: "e2e-" + name, dir: filepath.Join(t.TempDir(), "data")}
	c := &cloudFleet{fleet: f, bed: &testbed.Fleet{Name: f.name, Dir: f.dir}, cloud: &testbed.Cloud{
		Name: f.name + "-cloud", Image: cmp.Or(os.Getenv("POSTFLEET_DOCKER_IMAGE"), image), Token: cloudToken,
		Scale: 0.05, Seed: 7,
	}}
	if err := c.bed.WriteJobs(7, jobs, accounts); err != nil {
		t.Fatal(err)
	}
	for n := range accounts {
		c.cloud.Phones = append(c.cloud.Phones, "acct_"+strconv.Itoa(n))
	}
	if err := c.cloud.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.cloud.Remove(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	yaml := fmt.Sprintf("fleet: %s\ndocker: {network: %s}\nretry: {delay: 1s}\n%s"+
		"geelark: {base_url: %q, poll_every: 50ms, login_every: 20s}\ndevices:\n",
		f.name, c.cloud.Name, more, c.cloud.BaseURL())
	for n := range workers {
		yaml += fmt.Sprintf("  - {name: cloud-%d, connect: \"geelark://by-account\"}\n", n)
	}
	if err := os.WriteFile(f.dir+".yaml", []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.sweep)
	return c
}

func (c *cloudFleet) command(args ...string) *exec.Cmd {
	args = append(args, "--config", c.dir+".yaml", "--data-dir", c.dir)
	cmd := exec.CommandContext(context.WithoutCancel(c.t.Context()), program, args...)
	cmd.Env = append(os.Environ(), "GEELARK_TOKEN="+cloudToken)
	return cmd
}

// start launches the fleet and returns at once.
func (c *cloudFleet) start() *running {
	c.t.Helper()
	r := &running{t: c.t, done: make(chan struct{}), out: &syncBuffer{}}
	r.cmd = c.command("launch")
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
	if err := r.cmd.Start(); err != nil {
		c.t.Fatalf("start the orchestrator: %v", err)
	}
	go func() {
		defer close(r.done)
		r.err = r.cmd.Wait()
	}()
	c.t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGKILL)
		<-r.done
		if c.t.Failed() {
			c.t.Logf("the orchestrator of %s said:\n%s", c.name, r.out.String())
			c.logLogs()
		}
	})
	return r
}

// stop runs "orchestrator stop", which has to succeed.
func (c *cloudFleet) stop() {
	c.t.Helper()
	if out, err := c.command("stop").CombinedOutput(); err != nil {
		c.t.Errorf("orchestrator stop: %v: %s", err, out)
	}
}

func (c *cloudFleet) meter() geelark.Meter {
	c.t.Helper()
	m, err := c.cloud.Meter(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

// mustBeOff: no phone runs or is in the book, and nobody else's was touched.
func (c *cloudFleet) mustBeOff() {
	c.t.Helper()
	m := c.meter()
	for _, p := range m.Phones {
		if p.Running || p.RepeatedStarts != 0 || p.ForeignStops != 0 || p.MaxHosts > 1 {
			c.t.Errorf("phone %s: running %v, %d repeated starts, %d stops while another's, %d hosts at a time",
				p.Name, p.Running, p.RepeatedStarts, p.ForeignStops, p.MaxHosts)
		}
	}
	out, err := c.command("phones", "list", "--json").Output()
	if err != nil || strings.TrimSpace(string(out)) != "[]" {
		c.t.Errorf("phones in the book: %s, %v", out, err)
	}
}

// judge holds the ledger against the phones' posts.
func (c *cloudFleet) judge() testbed.Findings {
	c.t.Helper()
	ctx := context.WithoutCancel(c.t.Context())
	posts, postsErr := c.cloud.Posts(ctx)
	asked, askedErr := testbed.Asked(c.dir)
	rows, rowsErr := c.bed.Rows(ctx)
	if err := errors.Join(postsErr, askedErr, rowsErr); err != nil {
		c.t.Fatal(err)
	}
	found := testbed.Judge(rows, posts, asked)
	if len(found.Twice) > 0 || len(found.Contradictions) > 0 {
		c.t.Errorf("posted twice: %v; contradictions: %v", found.Twice, found.Contradictions)
	}
	return found
}

// settle waits until something is the case or the time is over, and says which.
func settle(d time.Duration, is func() bool) bool {
	deadline := time.After(d)
	tick := time.NewTicker(pollEach)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}

// runningWorkers are the names of the fleet's containers that run.
func (c *cloudFleet) runningWorkers() (string, error) {
	out, err := exec.Command("docker", "ps", "--filter", "label=postfleet.fleet="+c.name,
		"--format", "{{.Names}}").CombinedOutput()
	return string(out), err
}

func kill(container string) error {
	return exec.Command("docker", "kill", "--signal", "KILL", container).Run()
}
