package worker_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	b := newBench(t, "a")
	socket := filepath.Join(t.TempDir(), "s")
	must(t, os.WriteFile(socket, nil, 0o600)) // a killed predecessor's
	b.cfg.HealthSocket = socket
	b.cfg.JobTimeout, b.cfg.Patience.Grace = time.Hour, time.Hour
	begun, release := make(chan int, 1), make(chan struct{})
	b.poster.runFunc = b.poster.blocks(begun, release)
	appium := make(chan error, 2)
	parts := b.parts()
	parts.Checks = map[string]func(context.Context) error{
		"adb":    func(context.Context) error { return nil },
		"appium": func(context.Context) error { return <-appium },
	}
	ended := make(chan error, 1)
	go func() { ended <- worker.New(b.cfg, parts, nil).Run(t.Context()) }()
	<-begun

	appium <- nil
	got, err := worker.Ask(t.Context(), socket)
	must(t, err)
	if got.State != "working" || got.JobID != 1 || got.Since.IsZero() || got.Problems == nil || len(got.Problems) != 0 {
		t.Errorf("got %+v, want a worker that is well", got)
	}
	appium <- errors.New("does not answer")
	got, err = worker.Ask(t.Context(), socket)
	must(t, err)
	if want := []string{"appium: does not answer"}; !slices.Equal(got.Problems, want) {
		t.Errorf("got %q, want %q", got.Problems, want)
	}
	if want := []string{"worker", "adb", "appium"}; !slices.Equal(names(got), want) {
		t.Errorf("got parts %q, want %q", names(got), want)
	}
	close(release)
	must(t, <-ended)
	if _, err := worker.Ask(t.Context(), socket); err == nil {
		t.Error("an ended worker answers")
	}
}

// TestHealthOfAStuckWorker: a job that outlives its deadline and its grace.
func TestHealthOfAStuckWorker(t *testing.T) {
	t.Parallel()
	b := newBench(t, "a")
	socket := filepath.Join(t.TempDir(), "s")
	b.cfg.HealthSocket = socket
	b.cfg.JobTimeout, b.cfg.Patience.Grace = 100*time.Millisecond, time.Millisecond
	late, release := make(chan struct{}), make(chan struct{})
	b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
		<-ctx.Done()
		close(late)
		<-release // it does not listen
		return b.poster.post(context.WithoutCancel(ctx), a)
	}
	ended := make(chan error, 1)
	go func() { ended <- b.worker().Run(t.Context()) }()
	<-late
	var got worker.Health
	for len(got.Problems) == 0 && t.Context().Err() == nil {
		var err error
		got, err = worker.Ask(t.Context(), socket)
		must(t, err)
	}
	close(release)
	must(t, <-ended)
	if !strings.Contains(got.Problems[0], `stuck in "working"`) {
		t.Errorf("got %+v", got)
	}
}

func names(h worker.Health) (all []string) {
	for _, p := range h.Parts {
		all = append(all, p.Name)
	}
	return all
}

// TestHealthOfHungParts: a check that does not end hangs neither the answer nor
// the next one, is not asked again meanwhile, and the answer says since when.
func TestHealthOfHungParts(t *testing.T) {
	t.Parallel()
	b := newBench(t, "a")
	socket := filepath.Join(t.TempDir(), "s")
	b.cfg.HealthSocket, b.cfg.Patience.Check = socket, 300*time.Millisecond
	begun, release := make(chan int, 1), make(chan struct{})
	b.poster.runFunc = b.poster.blocks(begun, release)
	hung := make(chan struct{})
	var asked atomic.Int32
	parts := b.parts()
	parts.Checks = map[string]func(context.Context) error{
		"adb":    func(context.Context) error { asked.Add(1); <-hung; return nil },
		"appium": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"fine":   func(context.Context) error { return nil },
	}
	ended := make(chan error, 1)
	go func() { ended <- worker.New(b.cfg, parts, nil).Run(t.Context()) }()
	<-begun

	first, err := worker.Ask(t.Context(), socket)
	must(t, err)
	second, err := worker.Ask(t.Context(), socket)
	must(t, err)
	want := []string{"adb: the check does not end", "appium: context deadline exceeded"}
	if !slices.Equal(second.Problems, want) {
		t.Errorf("got %q, want %q", second.Problems, want)
	}
	for i, p := range second.Parts {
		if p.Since.IsZero() || !p.Since.Equal(first.Parts[i].Since) {
			t.Errorf("%s: since %v, then %v, want the time of the first", p.Name, first.Parts[i].Since, p.Since)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the hung part was asked %d times, want once", n)
	}
	close(hung)
	for !second.Parts[1].Well && t.Context().Err() == nil { // the loop is first, adb second
		second, err = worker.Ask(t.Context(), socket)
		must(t, err)
	}
	if !second.Parts[1].Since.After(first.Parts[1].Since) {
		t.Error("a part that is well again keeps the time of its trouble")
	}
	close(release)
	must(t, <-ended)
}
