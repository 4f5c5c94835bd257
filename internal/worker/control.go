package worker

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrCancelled is the cause of a worker's context after Cancel.
var ErrCancelled = errors.New("worker: cancelled")

// control is what others may do to a running worker. Drain is not cancel: a
// drained worker finishes its job, a cancelled one drops it, unless the share
// tap may happen at any moment or has happened.
type control struct {
	drained chan struct{} // closed by the first drain

	mu        sync.Mutex
	cancel    context.CancelCauseFunc
	timeout   time.Duration
	timer     *time.Timer
	draining  bool
	begun     time.Time // of the drain
	cancelled bool
	posting   bool
	failed    error
}

func newControl() *control { return &control{drained: make(chan struct{})} }

// attach gives the control the running worker's context to cancel. The
// returned function ends the drain's timer.
func (c *control) attach(cancel context.CancelCauseFunc, drainTimeout time.Duration) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancel, c.timeout = cancel, drainTimeout
	if c.cancelled {
		cancel(ErrCancelled)
	}
	if c.draining {
		c.arm()
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.cancel = nil
		if c.timer != nil {
			c.timer.Stop()
		}
	}
}

// arm lets a drain that takes too long become a cancel. Called with mu held.
func (c *control) arm() {
	if c.timeout > 0 && c.timer == nil {
		c.timer = time.AfterFunc(c.timeout, func() { c.stop() })
	}
}

func (c *control) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.draining {
		return
	}
	c.draining, c.begun = true, time.Now()
	close(c.drained)
	if c.cancel != nil {
		c.arm()
	}
}

// stop drains and cancels the job. It reports whether the job goes on because
// it is posting; it then is the last one.
func (c *control) stop() (posting bool) {
	c.drain()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.posting {
		return true
	}
	c.cancelled = true
	if c.cancel != nil {
		c.cancel(ErrCancelled)
	}
	return false
}

// beginPosting makes the job one that is no longer cancelled, or fails because
// it was cancelled already.
func (c *control) beginPosting() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancelled {
		return ErrCancelled
	}
	c.posting = true
	return nil
}

// endJob returns whether the job had begun to post.
func (c *control) endJob() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	posting := c.posting
	c.posting = false
	return posting
}

// fail drains the worker because of err, which Run will return.
func (c *control) fail(err error) {
	c.mu.Lock()
	if c.failed == nil {
		c.failed = err
	}
	c.mu.Unlock()
	c.drain()
}

func (c *control) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// isDraining reports whether nothing more is to be begun.
func (c *control) isDraining() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.draining
}

// drainBegun is zero when the worker is not drained.
func (c *control) drainBegun() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun
}

// Drain lets the worker finish its job and begin nothing more. After
// Config.DrainTimeout it becomes a Cancel. It does not block, and may be called
// at any time, also before Run.
func (w *Worker) Drain() { w.ctl.drain() }

// Cancel drains the worker and drops its job, which goes back to the ledger.
// A job that is posting is not dropped: posting reports that, and the worker
// then ends when the job has. It does not block.
func (w *Worker) Cancel() (posting bool) { return w.ctl.stop() }

// wait blocks for d, or until the worker is drained or ctx ends.
func (c *control) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.drained:
	case <-ctx.Done():
	}
}
