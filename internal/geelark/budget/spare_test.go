package budget_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/geelark/budget"
	"postfleet/internal/progress/filelock"
)

// While the file cannot be used nothing is sent but what is urgent, and of that
// no more than the limit by twenty processes together.
func TestUrgentWithoutAFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lost := filepath.Join(t.TempDir(), "no such directory", "budget.json")
		if _, err := open(t, budget.Config{Path: lost}).Take(t.Context(), "api"); err == nil {
			t.Error("a request was admitted that nobody counts")
		}
		to, begun := &service{}, time.Now()
		var all sync.WaitGroup
		for range 20 {
			b := open(t, budget.Config{Path: lost})
			all.Go(func() {
				for time.Since(begun) < 3*time.Minute {
					if _, err := b.TakeUrgent(t.Context(), "api"); err != nil {
						t.Error(err)
						return
					}
					to.arrive()
				}
			})
		}
		all.Wait()
		if most := to.most(time.Minute); most > budget.PerMinute || most < budget.PerMinute/2 {
			t.Errorf("%d in a minute", most)
		}
	})
}

// Where the file can be used, urgent requests are counted with the others.
func TestUrgentIsCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, begun := open(t, budget.Config{Path: path(t), PerMinute: 2}), time.Now()
		for _, take := range []func() error{
			func() error { _, err := b.TakeUrgent(t.Context(), "api"); return err },
			func() error { _, err := b.Take(t.Context(), "api"); return err },
			func() error { _, err := b.TakeUrgent(t.Context(), "api"); return err },
		} {
			if err := take(); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took < time.Minute {
			t.Errorf("three of two a minute took %s", took)
		}
	})
}

// Who holds the file's lock for good delays what is urgent, and no more.
func TestUrgentBehindALock(t *testing.T) {
	t.Parallel()
	file := path(t)
	lock, err := filelock.Hold(file + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release() //nolint:errcheck // the test is over
	b := open(t, budget.Config{Path: file, Flight: 50 * time.Millisecond})
	if _, err := b.TakeUrgent(t.Context(), "api"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file was written without its lock")
	}
}
