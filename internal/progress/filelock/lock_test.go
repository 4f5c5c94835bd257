package filelock_test

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
)

func lockPath(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(tb.TempDir(), "progress.csv.lock")
}

func acquire(tb testing.TB, l *filelock.Lock) (release func()) {
	tb.Helper()
	release, err := l.Acquire(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return release
}

// TestProcesses: of many goroutines, Locks and processes one is in at a time.
func TestProcesses(t *testing.T) {
	t.Parallel()
	const processes, locks, goroutines, rounds = 3, 2, 2, 150
	path := lockPath(t)
	var others []*process
	for range processes {
		others = append(others, start(t, roleCounter, path, envRounds+"="+strconv.Itoa(rounds)))
	}
	for _, p := range others {
		p.tell(t)
	}
	var group sync.WaitGroup
	for range locks {
		l := filelock.New(path)
		for range goroutines {
			group.Go(func() {
				for range rounds {
					if err := increment(l, path+".count"); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	group.Wait()
	for _, p := range others {
		p.wait(t)
	}
	want := (processes + locks*goroutines) * rounds
	if got, err := number(path + ".count"); got != want || err != nil {
		t.Errorf("got %d, %v, want %d", got, err, want)
	}
}

// TestImpatience: those who give up at any instant take no lock with them, and
// let nobody else in.
func TestImpatience(t *testing.T) {
	t.Parallel()
	const goroutines, rounds = 4, 100
	path := lockPath(t)
	other := start(t, roleCounter, path, envRounds+"=400")
	other.tell(t)
	l := filelock.New(path)
	var group sync.WaitGroup
	var in, served int
	for range goroutines {
		group.Go(func() {
			for range rounds {
				ctx, cancel := context.WithTimeout(t.Context(), rand.N(200*time.Microsecond))
				release, err := l.Acquire(ctx)
				cancel()
				if err != nil {
					if !errors.Is(err, context.DeadlineExceeded) {
						t.Error(err)
					}
					continue
				}
				if in++; in != 1 {
					t.Errorf("%d are in", in)
				}
				in--
				served++
				release()
			}
		})
	}
	group.Wait()
	other.wait(t)
	t.Logf("served %d of %d", served, goroutines*rounds)
	acquire(t, l)()
}

func TestTryAcquire(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	l := filelock.New(path)
	release, err := l.TryAcquire()
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]*filelock.Lock{"the same": l, "another": filelock.New(path)} {
		if _, err := other.TryAcquire(); !errors.Is(err, progress.ErrBusy) || fault.Of(err) != fault.Unclassified {
			t.Errorf("%s: got %v of class %v, want ErrBusy", name, err, fault.Of(err))
		}
	}
	release()
	holder := start(t, roleHolder, path)
	if _, err := l.TryAcquire(); !errors.Is(err, progress.ErrBusy) {
		t.Errorf("a process holds: got %v, want ErrBusy", err)
	}
	holder.tell(t)
	holder.wait(t)
	if release, err = l.TryAcquire(); err != nil {
		t.Fatal(err)
	}
	release()
}

// TestContext: the wait ends with the context, also behind a goroutine.
func TestContext(t *testing.T) {
	t.Parallel()
	l := filelock.New(lockPath(t))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Acquire(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("before it began: got %v, want canceled", err)
	}
	release := acquire(t, l)
	defer release()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := l.Acquire(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("behind a goroutine: got %v, want a deadline", err)
	}
}

func TestKilledHolder(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	holder := start(t, roleHolder, path)
	got := make(chan error)
	l := filelock.New(path)
	go func() {
		release, err := l.Acquire(t.Context())
		if err == nil {
			release()
		}
		got <- err
	}()
	if err := holder.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Error(err)
	}
	_ = holder.cmd.Wait() // says that it was killed
}

// TestFileStays: a lock file is made once, and is what it was afterwards.
func TestFileStays(t *testing.T) {
	t.Parallel()
	path := lockPath(t)
	l := filelock.New(path)
	acquire(t, l)()
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := before.Mode(); got != 0o644 {
		t.Errorf("got mode %v, want 0644", got)
	}
	acquire(t, l)()
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("the lock file was replaced or removed: %v", err)
	}
}

// TestRootGivesFilesAway: the orchestrator may be root while workers run as
// the data directory's owner.
func TestRootGivesFilesAway(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root makes files for others")
	}
	const uid, gid = 4321, 4322
	path := lockPath(t)
	if err := os.Chown(filepath.Dir(path), uid, gid); err != nil {
		t.Fatal(err)
	}
	acquire(t, filelock.New(path))()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != uid || st.Gid != gid {
		t.Errorf("the lock file is not given to the directory's owner: %+v", info.Sys())
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "aim"), link); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"no directory":     filepath.Join(dir, "missing", "lock"),
		"a directory":      dir,
		"a symbolic link":  link,
		"below some other": filepath.Join(link, "lock"),
	} {
		if _, err := filelock.New(path).Acquire(t.Context()); !fault.Is(err, fault.Ledger) {
			t.Errorf("%s: got %v of class %q, want ledger", name, err, fault.Of(err))
		}
		if _, err := filelock.Hold(path); !fault.Is(err, fault.Ledger) {
			t.Errorf("%s, held: got %v of class %q, want ledger", name, err, fault.Of(err))
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "aim")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a symbolic link was followed: %v", err)
	}
}

func TestLockErrorClass(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want fault.Class
	}{
		{nil, fault.Unclassified},
		{progress.ErrBusy, fault.Unclassified},
		{syscall.ENOSPC, fault.Infra},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EMFILE}, fault.Infra},
		{syscall.EACCES, fault.Ledger},
		{errors.New("whatever"), fault.Ledger},
	} {
		got := filelock.LockError("x", c.err)
		if fault.Of(got) != c.want || !errors.Is(got, c.err) {
			t.Errorf("%v: got %v of class %q, want %q", c.err, got, fault.Of(got), c.want)
		}
	}
}
