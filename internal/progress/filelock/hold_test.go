package filelock_test

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
)

func TestHold(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	first, err := filelock.Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := filelock.Hold(path); !errors.Is(err, progress.ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if err := first.Release(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	second, err := filelock.Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Release(); err != nil {
		t.Fatal(err)
	}
}

func free(t *testing.T, path string, want bool) {
	t.Helper()
	if got, err := filelock.Free(path); got != want || err != nil {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// TestFree: a worker is alive for as long as its process, and a question
// changes nothing.
func TestFree(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	free(t, path, true)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the question made the file: %v", err)
	}
	holder := start(t, roleHolder, path)
	free(t, path, false)
	if err := holder.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = holder.cmd.Wait() // says that it was killed
	free(t, path, true)
	held, err := filelock.Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	free(t, path, false)
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
}

// TestFreeTogether: those who ask at once do not take one another for holders.
func TestFreeTogether(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	acquire(t, filelock.New(path))()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 200 {
				free(t, path, true)
			}
		})
	}
	group.Wait()
}

func TestFreeRefused(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	if err := os.Symlink("elsewhere", path); err != nil {
		t.Fatal(err)
	}
	if got, err := filelock.Free(path); got || !fault.Is(err, fault.Ledger) {
		t.Errorf("got %v, %v of class %q, want ledger", got, err, fault.Of(err))
	}
}
