package filelock

import (
	"errors"
	"sync"
)

// waiter is a goroutine in the kernel's queue for a file lock. It is sent for
// somebody, who may leave, and whom another may follow.
type waiter struct {
	mu sync.Mutex
	// wanted: somebody waits for got.
	wanted bool
	// over: the wait has ended, and what came of it was handed over or undone.
	over bool
	// got has room for the one result, so that nobody waits to hand it over.
	got chan result
}

type result struct {
	file *lockFile
	err  error
}

// send starts a waiter for the caller, which owns file from then on. It ends
// when the lock's holder lets go.
func send(path string, file *lockFile) *waiter {
	w := &waiter{wanted: true, got: make(chan result, 1)}
	go func() {
		file, err := waitFor(path, file)
		w.end(result{file: file, err: err})
	}()
	return w
}

// end hands the lock to whoever waits for it. Without anybody it is given up.
func (w *waiter) end(r result) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	switch {
	case w.wanted:
		w.got <- r
	case r.err == nil:
		_ = r.file.close()
	}
}

// waitFor locks file, or, when the path has come to lead to another, that one.
func waitFor(path string, file *lockFile) (*lockFile, error) {
	for {
		if err := file.wait(); err != nil {
			return nil, errors.Join(err, file.close())
		}
		if file.current() {
			return file, nil
		}
		if err := file.close(); err != nil {
			return nil, err
		}
		var err error
		if file, err = openLockFile(path); err != nil {
			return nil, err
		}
	}
}

// join makes the caller the one who waits for got; not ok when it is too late.
func (w *waiter) join() (ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wanted = !w.over
	return w.wanted
}

// leave ends the caller's waiting. A lock that has just come is given up.
func (w *waiter) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wanted = false
	if !w.over {
		return
	}
	if r := <-w.got; r.err == nil {
		_ = r.file.close()
	}
}
