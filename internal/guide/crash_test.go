package guide_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v3"

	"postfleet/internal/claude/budget"
	"postfleet/internal/claudesim"
	"postfleet/internal/learned"
)

// TestCrash: a worker dies between the model's answer and the end of the step
// that used it. What is on the disk then are no records of that screen and leases
// that lapse; whoever comes next waits for a minute at most, finds out by itself
// and posts.
func TestCrash(t *testing.T) {
	t.Parallel()
	type death struct {
		answer, call int
		heir         string
	}
	all := []death{{1, 1, "w1"}, {1, 1, "w0"}, {1, 2, "w1"}, {2, 1, "w1"}, {4, 1, "w0"}, {4, 2, "w1"}}
	if !thorough {
		all = some(all, 6)
	}
	for _, d := range all {
		t.Run(fmt.Sprintf("answer %d call %d then %s", d.answer, d.call, d.heir), func(t *testing.T) {
			t.Parallel()
			before, after := t.TempDir(), t.TempDir()
			synctest.Test(t, func(t *testing.T) { crash(t, d.answer, d.call, d.heir, before, after) })
		})
	}
}

func crash(t *testing.T, answer, call int, heir, before, after string) {
	t.Helper()
	f, stop := newFleet(t, before)
	defer stop()
	p := newPhone(t, look{skin: 2})
	defer p.Close()
	f.mind = honest{skin: p.App.Skin(), asked: &f.free}
	died, buried := make(chan struct{}), make(chan struct{})
	calls := 0
	p.callFunc = func(string) {
		if int(f.free.Load()) < answer {
			return
		}
		if calls++; calls == call {
			close(died)
			<-buried
		}
	}
	var dying sync.WaitGroup
	ctx, cancel := context.WithCancelCause(t.Context())
	dying.Go(func() { _ = f.postWithin(ctx, p, worker{name: "w0", job: 1, caption: caption}) })
	<-died
	f.copy(t, after)
	next, stopNext := newFleet(t, after)
	left := next.leases()
	if len(left) == 0 {
		t.Error("nothing was under way: the test proves nothing")
	}
	for _, until := range left {
		if time.Until(until) > time.Minute {
			t.Errorf("a lease until %v from now", time.Until(until))
		}
	}
	if found := next.records(); answer == 1 && len(found) > 0 {
		t.Errorf("recorded before anything came of it: %+v", found)
	}
	next.inherit(heir)
	next.taughtTruth(t, p.App.Skin())
	stopNext()
	cancel(errors.New("buried"))
	close(buried)
	dying.Wait()
}

// inherit has another worker, or the same anew, do the job on a phone of its own.
func (f *fleet) inherit(heir string) {
	f.t.Helper()
	p := newPhone(f.t, look{skin: 2})
	defer p.Close()
	began, waited := time.Now(), time.Duration(-1)
	knowing := honest{skin: p.App.Skin(), asked: &f.free}
	f.mind = mindOf(func(q claudesim.Prompt) claudesim.Reply {
		if waited < 0 {
			waited = time.Since(began)
		}
		return knowing.Answer(q)
	})
	f.insist(p, worker{name: heir, job: 1, caption: caption})
	const own, others = 15 * time.Second, 75 * time.Second
	if limit := map[bool]time.Duration{true: own, false: others}[heir == "w0"]; waited > limit {
		f.t.Errorf("it waited for %v", waited)
	}
	f.t.Logf("first question after %v, done after %v", waited, time.Since(began))
	if left := f.leases(); len(left) > 0 {
		f.t.Errorf("%d leases are left", len(left))
	}
}

// copy is what another process finds once this one is dead.
func (f *fleet) copy(t *testing.T, to string) {
	t.Helper()
	for _, name := range []string{learned.FileName, budget.FileName} {
		content, err := os.ReadFile(f.path(name))
		if err == nil {
			err = os.WriteFile(to+"/"+name, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// leases are when those end that are on the disk.
func (f *fleet) leases() (until []time.Time) {
	f.t.Helper()
	content, err := os.ReadFile(f.path(learned.FileName))
	if err != nil {
		f.t.Fatal(err)
	}
	var written struct {
		Leases []struct {
			Until time.Time `yaml:"until"`
		} `yaml:"leases"`
	}
	if err := yaml.Unmarshal(content, &written); err != nil {
		f.t.Fatal(err)
	}
	for _, l := range written.Leases {
		if l.Until.After(time.Now()) {
			until = append(until, l.Until)
		}
	}
	return until
}
