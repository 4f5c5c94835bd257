package worker_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/worker"
)

// rented is a phone that is on while somebody has started it.
type rented struct {
	*bench
	// single: it is good for any account.
	single bool
	// startFunc, when set, is what a start says.
	startFunc func(ctx context.Context, account string) error

	mu sync.Mutex
	on string
}

func (r *rented) Start(ctx context.Context, account string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on == account || r.on != "" && r.single {
		return false, nil
	}
	if r.on != "" {
		r.note("stop " + r.on)
		r.on = ""
	}
	if r.startFunc != nil {
		if err := r.startFunc(ctx, account); err != nil {
			return false, err
		}
	}
	r.note("start " + account)
	r.on = account
	return true, nil
}

func (r *rented) Stop(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on != "" {
		r.note("stop " + r.on)
	}
	r.on = ""
	return context.Cause(ctx)
}

func (r *rented) Account() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.single {
		return ""
	}
	return r.on
}

func (r *rented) PerAccount() bool { return !r.single }

// rent runs a worker on a rented phone.
func (b *bench) rent(r *rented, do func(w *worker.Worker)) error {
	r.bench = b
	parts := b.parts()
	parts.Rented = r
	w := worker.New(b.cfg, parts, b.logger())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(b.t.Context()) }()
	if do != nil {
		do(w)
	}
	return <-ended
}

// phones are the starts and stops that happened.
func (b *bench) phones() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.events), func(e string) bool {
		return len(e) < 5 || e[:5] != "start" && e[:5] != "stop "
	})
}

func wantPhones(t *testing.T, b *bench, want ...string) {
	t.Helper()
	if got := b.phones(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// An account's jobs are done in one go, however they lie in the file.
func TestJobsOfThePhoneThatIsOnComeFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b", "a", "b", "a")
		must(t, b.rent(&rented{}, nil))
		wantPhones(t, b, "start a", "stop a", "start b", "stop b")
		for _, r := range b.rows() {
			if r.Status != progress.StatusSuccess {
				t.Errorf("got %+v", r)
			}
		}
	})
}

// A phone that is good for all is started once.
func TestOnePhoneForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b", "a")
		must(t, b.rent(&rented{single: true}, nil))
		wantPhones(t, b, "start a", "stop a")
	})
}

// With no job that its account could have now, the phone is off; with KeepWarm
// it stays on for that long.
func TestPhoneWaitsForTheNextJob(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		warm time.Duration
		want []string
	}{
		{"off meanwhile", 0, []string{"start a", "stop a", "start a", "stop a"}},
		{"warm", 2 * time.Minute, []string{"start a", "stop a"}},
		{"not for that long", 30 * time.Second, []string{"start a", "stop a", "start a", "stop a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a")
				b.cfg.KeepWarm = tt.warm
				spoilt := false
				b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
					if !spoilt {
						spoilt = true
						return fault.Errorf(fault.Infra, "spoilt") // again in a minute
					}
					return b.poster.post(ctx, a)
				}
				must(t, b.rent(&rented{}, nil))
				wantPhones(t, b, tt.want...)
			})
		})
	}
}

// What a phone that cannot be had does to its job, the account and the worker.
func TestPhoneThatCannotBeHad(t *testing.T) {
	t.Parallel()
	pending, skip, fail, ok := progress.StatusPending, progress.StatusSkip, progress.StatusFail, progress.StatusSuccess
	for _, tt := range []struct {
		name   string
		err    error
		single bool
		want   []progress.Status // of a, b, a
		class  fault.Class       // of the worker's error; Unclassified for none
	}{
		{"needs a person", fault.Errorf(fault.Account, "expired"), false, []progress.Status{fail, ok, skip}, 0},
		{"in use", fault.Errorf(fault.Device, "in use"), false, []progress.Status{fail, ok, fail}, 0},
		{
			"nobody gets any", fault.Errorf(fault.Human, "%w: no credit", worker.ErrFleet), false,
			[]progress.Status{pending, pending, pending},
			fault.Human,
		},
		{
			"service away", fault.Errorf(fault.Infra, "away"), false,
			[]progress.Status{pending, pending, pending},
			fault.Device,
		},
		{
			"damaged book", fault.Errorf(fault.Ledger, "damaged"), false,
			[]progress.Status{pending, pending, pending},
			fault.Ledger,
		},
		{
			"the only phone, in use", fault.Errorf(fault.Device, "in use"), true,
			[]progress.Status{pending, pending, pending},
			fault.Device,
		},
		{
			"the only phone needs a person", fault.Errorf(fault.Human, "expired"), true,
			[]progress.Status{pending, pending, pending},
			fault.Human,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a", "b", "a")
				b.cfg.MaxAttempts = 1
				err := b.rent(&rented{single: tt.single, startFunc: func(_ context.Context, account string) error {
					if account == "a" {
						return tt.err
					}
					return nil
				}}, nil)
				if fault.Of(err) != tt.class {
					t.Errorf("got %v of class %q, want class %q", err, fault.Of(err), tt.class)
				}
				if errors.Is(tt.err, worker.ErrFleet) != errors.Is(err, worker.ErrFleet) {
					t.Errorf("got %v", err)
				}
				if got := b.statuses(); !slices.Equal(got, tt.want) {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			})
		})
	}
}

// A drain while a phone starts gives the start up, and the job back.
func TestDrainWhileAPhoneStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		err := b.rent(&rented{startFunc: func(ctx context.Context, _ string) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}, func(w *worker.Worker) {
			synctest.Wait()
			w.Drain()
		})
		must(t, err)
		wantPhones(t, b)
		wantUntouched(t, b)
	})
}

// A job that is not to be tried starts no phone.
func TestHopelessJobStartsNoPhone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		must(t, os.Remove(filepath.Join(b.dir, "media", "v1.mp4")))
		must(t, b.rent(&rented{}, nil))
		wantPhones(t, b)
		if got := b.statuses()[0]; got != progress.StatusSkip {
			t.Errorf("got %s, want skip", got)
		}
	})
}

// A job whose phone another worker has costs no attempt: it waits.
func TestPhoneThatAnotherWorkerHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		b.cfg.MaxAttempts = 1
		asked := 0
		must(t, b.rent(&rented{startFunc: func(context.Context, string) error {
			if asked++; asked < 5 {
				return fault.Errorf(fault.Device, "start: %w", worker.ErrHeld)
			}
			return nil
		}}, nil))
		if r := b.rows()[0]; r.Status != progress.StatusSuccess || r.Attempts != 1 {
			t.Errorf("got %+v after %d tries", r, asked)
		}
	})
}
