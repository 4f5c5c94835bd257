package lifetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// cell is a data directory with one job and a phone, and the workers that come
// and go.
type cell struct {
	t       *testing.T
	phone   *phone
	socket  string
	dir     string
	trouble trouble
}

func newCell(t *testing.T, tr trouble) *cell {
	t.Helper()
	c := &cell{t: t, phone: newPhone(t), dir: t.TempDir(), trouble: tr}
	c.socket = serve(t, c.phone)
	job := jobs.PostJob{ID: 1, Account: "shop_a", Video: "1.mp4", Caption: "hello"}
	if err := begin(t.Context(), c.dir, []jobs.PostJob{job}); err != nil {
		t.Fatal(err)
	}
	if tr.arm != nil {
		if err := tr.arm(c.phone); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func (c *cell) life(worker string, die point) *life {
	return &life{Dir: c.dir, Worker: worker, Socket: c.socket, Die: die, RealTime: true, phone: inHand(c.phone)}
}

// kill lets a worker live in a process of its own until it kills itself.
func (c *cell) kill(worker string, die point) {
	c.t.Helper()
	text, err := json.Marshal(c.life(worker, die))
	if err != nil {
		c.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), envLife+"="+string(text), "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	err = cmd.Run()
	ended, ok := errors.AsType[*exec.ExitError](err)
	if !ok || ended.ExitCode() != -1 || ctx.Err() != nil {
		c.t.Fatalf("%s: got %v, want it killed %s\n%s", c.phone.story(), err, die, said.String())
	}
	c.phone.note(event{What: evKilled})
	if !c.trouble.hasty {
		c.settle()
	}
}

// settle waits until the app shares no more.
func (c *cell) settle() {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for c.phone.App.State().Screen == "posting" {
		<-tick.C
	}
}

// finish lets a worker live until nothing is left to do.
func (c *cell) finish(worker string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	if err := c.life(worker, never).live(ctx); err != nil {
		c.t.Fatalf("%s: %v", c.phone.story(), err)
	}
}

// judge holds the ledger against the phone, and returns the job's row.
func (c *cell) judge(want string) progress.Row {
	c.t.Helper()
	if got := c.phone.story(); got != want {
		c.t.Errorf("got  %s\nwant %s", got, want)
	}
	all, err := rows(c.t.Context(), c.dir)
	if err != nil || len(all) != 1 {
		c.t.Fatalf("got rows %v, %v", all, err)
	}
	if problem := disagreement(all[0], c.phone); problem != "" {
		c.t.Error(problem)
	}
	if problem := tapsTooMany(c.phone.told()); problem != "" {
		c.t.Error(problem)
	}
	return all[0]
}

// disagreement says in what a row and the phone disagree, unless nobody claims
// to know what came of the job.
func disagreement(row progress.Row, p *phone) string {
	posts, want := p.made(row.Account, row.Caption), 0
	if row.Status == progress.StatusSuccess {
		want = 1
	}
	if posts == want || posts == 1 && (row.Unknown() || row.Verify()) {
		return ""
	}
	return fmt.Sprintf("job %d: the ledger says %s (%s), the phone has %d posts", row.ID, row.Status, row.Error, posts)
}
