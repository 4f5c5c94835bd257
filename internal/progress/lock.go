package progress

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"postfleet/internal/fault"
)

// Lock files are opened by root (the orchestrator) and by the data directory's
// owner (workers), and are never written, renamed or unlinked: a lock belongs
// to the inode, so whoever waits for a file that is replaced waits for nothing.
const lockMode = 0o644

const (
	shortestPoll = time.Millisecond
	longestPoll  = 8 * time.Millisecond
)

// stateLock admits one transition at a time, across goroutines (the channel)
// and processes (the flock, which a goroutine of the same process would pass).
type stateLock struct {
	path string
	turn chan struct{}
}

func newStateLock(path string) *stateLock {
	return &stateLock{path: path, turn: make(chan struct{}, 1)}
}

// acquire waits for the lock until ctx ends. The caller calls release once.
func (l *stateLock) acquire(ctx context.Context) (release func(), err error) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, l.gaveUp(ctx)
	}
	held, err := l.poll(ctx)
	if err != nil {
		<-l.turn
		return nil, err
	}
	return func() {
		_ = held.Unlock() // closes the file, which alone gives the lock up
		<-l.turn
	}, nil
}

// poll asks again and again, at uneven intervals, because a blocking flock
// cannot be given up when ctx ends.
func (l *stateLock) poll(ctx context.Context) (*flock.Flock, error) {
	for {
		if ctx.Err() != nil {
			return nil, l.gaveUp(ctx)
		}
		held, err := tryLock(l.path)
		if err == nil || !errors.Is(err, ErrBusy) {
			return held, err
		}
		timer := time.NewTimer(shortestPoll + rand.N(longestPoll-shortestPoll))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

func (l *stateLock) gaveUp(ctx context.Context) error {
	return fmt.Errorf("wait for %s: %w", l.path, ctx.Err())
}

// tryLock takes the lock file at path, made when missing, or returns ErrBusy.
func tryLock(path string) (*flock.Flock, error) {
	if err := touch(path); err != nil {
		return nil, lockError(path, err)
	}
	return tryOpen(path, os.O_RDWR)
}

// tryOpen is tryLock for a file that must be there already.
func tryOpen(path string, flag int) (*flock.Flock, error) {
	f := flock.New(path, flock.SetFlag(flag|syscall.O_NOFOLLOW), flock.SetPermissions(lockMode))
	ok, err := f.TryLock()
	if err != nil {
		return nil, lockError(path, err)
	}
	if !ok || !current(f) {
		_ = f.Close() // nothing is held
		return nil, fmt.Errorf("%s: %w", path, ErrBusy)
	}
	return f, nil
}

// current reports whether the path still leads to the locked inode. When a
// person removed the file, the lock excludes nobody.
func current(f *flock.Flock) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(f.Path())
	return err == nil && os.SameFile(held, named)
}

// touch makes the lock file when it is missing, owned as its directory is.
func touch(path string) error {
	if _, err := os.Lstat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, lockMode)
	if err != nil {
		return err
	}
	return errors.Join(adopt(f), f.Close())
}

func lockError(path string, err error) error {
	return classify(fmt.Errorf("lock %s: %w", path, err))
}

// Held is a lock taken with Hold.
type Held struct{ file *flock.Flock }

// Hold takes the exclusive lock on the file at path, made when missing,
// without waiting: ErrBusy when another process, or another Hold of this one,
// has it. It lasts until Release, or until the process ends, however it ends.
// The file is never renamed or unlinked.
func Hold(path string) (*Held, error) {
	f, err := tryLock(path)
	if err != nil {
		return nil, err
	}
	return &Held{file: f}, nil
}

// Release gives the lock up. Safe to call twice.
func (h *Held) Release() error {
	if err := h.file.Unlock(); err != nil {
		return fault.Errorf(fault.Infra, "release %s: %w", h.file.Path(), err)
	}
	return nil
}
