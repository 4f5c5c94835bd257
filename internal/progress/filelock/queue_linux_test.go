package filelock_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/progress/filelock"
)

// queued waits until n threads are in the kernel's queue for the file at path.
func queued(t *testing.T, path string, n int) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		t.Fatal("no inode number")
	}
	inode := fmt.Sprintf(":%d ", st.Ino)
	for {
		data, err := os.ReadFile("/proc/locks")
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for line := range strings.Lines(string(data)) {
			if strings.Contains(line, "->") && strings.Contains(line, inode) {
				found++
			}
		}
		if found == n {
			return
		}
		select {
		case <-time.After(time.Millisecond):
		case <-t.Context().Done():
			t.Fatalf("got %d in the queue, want %d", found, n)
		}
	}
}

// goAcquire asks for the lock in a goroutine of its own.
func goAcquire(ctx context.Context, l *filelock.Lock) <-chan error {
	got := make(chan error, 1)
	go func() {
		release, err := l.Acquire(ctx)
		if err == nil {
			release()
		}
		got <- err
	}()
	return got
}

// TestLeftBehind: whoever gives up leaves one thread in the queue, which the
// next takes over, and which gives the lock up when there is no next.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	holder := start(t, roleHolder, path)
	l := filelock.New(path)
	giveUp := func() {
		ctx, cancel := context.WithCancel(t.Context())
		got := goAcquire(ctx, l)
		queued(t, path, 1)
		cancel()
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want canceled", err)
		}
	}
	giveUp()
	giveUp()
	next := goAcquire(t.Context(), l)
	queued(t, path, 1)
	holder.tell(t)
	if err := <-next; err != nil {
		t.Error(err)
	}
	holder.wait(t)

	holder = start(t, roleHolder, path)
	giveUp()
	holder.tell(t)
	holder.wait(t)
	acquire(t, filelock.New(path))()
	acquire(t, l)()
}

// TestReplacedFile: who waited for a file that is gone has nothing, and waits
// for the one that took its place.
func TestReplacedFile(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(path string) error{
		"removed":     os.Remove,
		"moved away":  func(path string) error { return os.Rename(path, path+".old") },
		"moved again": func(path string) error { return errors.Join(os.Link(path, path+".old"), os.Remove(path)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := lockPath(t)
			release := acquire(t, filelock.New(path))
			waiting := goAcquire(t.Context(), filelock.New(path))
			queued(t, path, 1)
			if err := remove(path); err != nil {
				t.Fatal(err)
			}
			held, err := filelock.Hold(path)
			if err != nil {
				t.Fatal(err)
			}
			release()
			queued(t, path, 1)
			select {
			case err := <-waiting:
				t.Errorf("it got in with %v", err)
			default:
			}
			if err := held.Release(); err != nil {
				t.Fatal(err)
			}
			if err := <-waiting; err != nil {
				t.Error(err)
			}
		})
	}
}
