// Package filelock is the only flock code: the lock that admits one process
// and one goroutine at a time (Lock), the lock that lasts as long as a process
// (Hold), and the question whether anybody holds one (Free).
//
// A lock belongs to the inode and not to the name. So lock files are made when
// missing and then never written, renamed or unlinked, and whoever got a lock
// makes sure that the name still leads to it: a person may have removed the
// file. A process that dies, however it dies, gives its locks up. Children do
// not inherit them.
//
// It knows nothing of what is locked.
package filelock

import (
	"context"
	"fmt"

	"github.com/gofrs/flock"

	"postfleet/internal/progress"
)

// Lock admits one holder at a time, across goroutines and processes. There is
// one Lock for each process and path: two of one process exclude each other as
// two processes do, but each waits with a thread of its own.
//
// Between release and Acquire it has nothing open, so it needs no closing. All
// it can leave behind is one goroutine, see Acquire.
type Lock struct {
	path string
	// turn is the right to ask for the file lock, and then to hold it.
	turn chan struct{}
	// left waits for the file lock in the kernel's queue, though whoever sent it
	// has gone. It is read and written in turn.
	left *waiter
}

// New returns the lock on the file at path, which is made when it is first
// asked for. Nothing is opened.
func New(path string) *Lock {
	return &Lock{path: path, turn: make(chan struct{}, 1)}
}

// Acquire waits until the lock is held, or ctx ends. The caller calls release
// once; it does not block. Goroutines are served in the order they came, and
// processes about so, which is the kernel's queue.
//
// The kernel's wait cannot be broken off. When ctx ends first, the goroutine
// that waits there stays, at most one for each Lock, until the present holder
// lets go. Then the Acquire that waits by now, if any, takes its place over,
// and if there is none it gives the lock up at once and ends.
func (l *Lock) Acquire(ctx context.Context) (release func(), err error) {
	if ctx.Err() != nil {
		return nil, l.gaveUp(ctx)
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, l.gaveUp(ctx)
	}
	file, err := l.lock(ctx)
	if err != nil {
		<-l.turn
		return nil, err
	}
	return func() { l.release(file) }, nil
}

// TryAcquire is Acquire that does not wait: progress.ErrBusy when another
// process, or another goroutine of this one, has the lock.
func (l *Lock) TryAcquire() (release func(), err error) {
	select {
	case l.turn <- struct{}{}:
	default:
		return nil, fmt.Errorf("lock %s: %w", l.path, progress.ErrBusy)
	}
	file, err := atOnce().take(l.path)
	if err != nil {
		<-l.turn
		return nil, lockError(l.path, err)
	}
	return func() { l.release(file) }, nil
}

// lock gets the file lock, in turn: at once where it is free, else in the
// kernel's queue, where one that was left behind may be already.
func (l *Lock) lock(ctx context.Context) (*flock.Flock, error) {
	if l.left == nil || !l.left.join() {
		l.left = nil
		file, err := atOnce().take(l.path)
		if err == nil || !isBusy(err) {
			return file, lockError(l.path, err)
		}
		l.left = send(l.path)
	}
	select {
	case got := <-l.left.got:
		l.left = nil
		return got.file, lockError(l.path, got.err)
	case <-ctx.Done():
		l.left.leave()
		return nil, l.gaveUp(ctx)
	}
}

func (l *Lock) release(file *flock.Flock) {
	_ = unlock(file) // when it fails, the file goes with the process
	<-l.turn
}

func (l *Lock) gaveUp(ctx context.Context) error {
	return fmt.Errorf("wait for %s: %w", l.path, ctx.Err())
}
