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
	"errors"
	"fmt"

	"postfleet/internal/progress"
)

// Lock admits one holder at a time, across goroutines and processes. There is
// one Lock for each process and path: two of one process exclude each other as
// two processes do, but each waits with a thread of its own.
//
// Close it when it is not needed any more. It can leave one goroutine behind,
// see Acquire.
type Lock struct {
	path string
	// turn is the right to ask for the file lock, and then to hold it.
	turn chan struct{}
	// left waits for the file lock in the kernel's queue, though whoever sent it
	// has gone. It is read and written in turn.
	left *waiter
	// file is the lock file, open and not locked, if it was locked before. It is
	// read and written in turn.
	file *lockFile
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
	file, err := l.try()
	if err != nil {
		<-l.turn
		if file != nil {
			_ = file.close()
		}
		return nil, lockError(l.path, err)
	}
	return func() { l.release(file) }, nil
}

// Close closes the lock file. A Lock that is held, or waited for, stays as it
// is. It may be used again.
func (l *Lock) Close() error {
	select {
	case l.turn <- struct{}{}:
	default:
		return nil
	}
	defer func() { <-l.turn }()
	if l.file == nil {
		return nil
	}
	err := l.file.close()
	l.file = nil
	return lockError(l.path, err)
}

// lock gets the file lock, in turn: at once where it is free, else in the
// kernel's queue, where one that was left behind may be already.
func (l *Lock) lock(ctx context.Context) (*lockFile, error) {
	if l.left == nil || !l.left.join() {
		l.left = nil
		file, err := l.try()
		if err == nil || !isBusy(err) {
			return file, lockError(l.path, err)
		}
		l.left = send(l.path, file)
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

// try locks the file that is open, or opens it, in turn. The file is returned
// also when it is busy; it is the caller's then.
func (l *Lock) try() (file *lockFile, err error) {
	for {
		if file, l.file = l.file, nil; file == nil {
			if file, err = openLockFile(l.path); err != nil {
				return nil, err
			}
		}
		switch err = file.try(); {
		case isBusy(err):
			return file, err
		case err != nil:
			return nil, errors.Join(err, file.close())
		case file.current():
			return file, nil
		}
		if err = file.close(); err != nil {
			return nil, err
		}
	}
}

func (l *Lock) release(file *lockFile) {
	if file.unlock() == nil {
		l.file = file
	} else {
		_ = file.close() // which unlocks as well
	}
	<-l.turn
}

func (l *Lock) gaveUp(ctx context.Context) error {
	return fmt.Errorf("wait for %s: %w", l.path, ctx.Err())
}
