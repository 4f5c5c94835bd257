package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

const keyServer = "server"

// keeper runs one server and starts it again when it dies: while a job is
// posting as well, because finding out what came of it needs the server.
type keeper struct {
	name  string
	start StartFunc
	// class is that of the error when the server keeps dying.
	class    fault.Class
	patience Patience
	fail     func(error)
	closing  func(ctx context.Context, share int) (context.Context, context.CancelFunc)
	logger   *slog.Logger

	renewals chan chan struct{}
	ready    chan struct{} // closed when the server is ready for the first time
	gone     chan struct{} // closed when nothing is kept any more
	startErr error         // why it did not start; to be read when gone is closed
	deaths   []time.Time   // of the last hour

	mu     sync.Mutex
	server Server
}

func (w *Worker) keeper(name string, start StartFunc, class fault.Class) *keeper {
	return &keeper{
		name: name, start: start, class: class, patience: w.cfg.Patience, fail: w.ctl.fail, closing: w.closing,
		logger:   w.logger.With(slog.String(keyServer, name)),
		renewals: make(chan chan struct{}), ready: make(chan struct{}), gone: make(chan struct{}),
	}
}

// keep starts the server, and keeps it running once it is ready. Stop ends it
// or its start, waits for it, and may be called twice.
func (k *keeper) keep(ctx context.Context) (stop func()) {
	starting, giveUp := context.WithCancelCause(ctx)
	// The server outlives a cancelled job: the phone's session ends before it.
	watching, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(k.gone)
		server, err := k.start(starting)
		if err != nil {
			k.startErr = fmt.Errorf("start %s: %w", k.name, err)
			return
		}
		k.logger.InfoContext(ctx, "server started")
		k.keepNow(server) // before anybody is told that it is ready
		close(k.ready)
		k.end(watching, k.watch(watching, server))
	})
	return func() {
		giveUp(nil)
		cancel(nil)
		wg.Wait()
	}
}

// await returns when the server has been ready once, or why it never will be.
// It also returns, without an error, when ctx or drained ends.
func (k *keeper) await(ctx context.Context, drained <-chan struct{}) error {
	select {
	case <-k.ready:
	case <-drained:
	case <-ctx.Done():
	case <-k.gone:
		return k.startErr
	}
	return nil
}

// started reports whether the server has been ready, or why it never will be.
func (k *keeper) started() (bool, error) {
	select {
	case <-k.ready:
		return true, nil
	default:
	}
	select {
	case <-k.gone:
		return false, k.startErr
	default:
		return false, nil
	}
}

// running is the server that was started last.
// It is nil when there is none just now.
func (k *keeper) running() Server {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.server
}

func (k *keeper) keepNow(server Server) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.server = server
}

// renew ends the server and starts another. It blocks until that is ready, or
// until it does not matter any more: nothing is kept, ctx or drained ended.
func (k *keeper) renew(ctx context.Context, drained <-chan struct{}) {
	ready := make(chan struct{})
	select {
	case k.renewals <- ready:
	case <-k.gone:
		return
	case <-ctx.Done():
		return
	case <-drained:
		return
	}
	select {
	case <-ready:
	case <-k.gone:
	case <-ctx.Done():
	case <-drained:
	}
}

// watch returns the last server it started when ctx ends, or when it gave up.
func (k *keeper) watch(ctx context.Context, server Server) Server {
	row := 0
	for {
		begun := time.Now()
		var next Server
		var ready chan struct{} // of whoever waits for next
		var err error
		select {
		case <-ctx.Done():
			return server
		case ready = <-k.renewals:
			next, err = k.replace(ctx, server, &row)
		case <-server.Done():
			if ctx.Err() != nil {
				return server
			}
			if time.Since(begun) >= k.patience.Healthy {
				row = 0
			}
			next, err = k.revive(ctx, server, &row)
		}
		k.keepNow(next)
		if err != nil {
			k.fail(fault.Errorf(k.class, "%s: %w", k.name, err))
			return server
		}
		if next == nil {
			return server
		}
		server = next
		if ready != nil {
			close(ready)
		}
	}
}

// replace ends a server that lives. A restart is counted only when the next
// does not start at once.
func (k *keeper) replace(ctx context.Context, server Server, row *int) (Server, error) {
	k.end(ctx, server)
	next, err := k.start(ctx)
	switch {
	case err == nil:
		k.logger.InfoContext(ctx, "server replaced")
		return next, nil
	case ctx.Err() != nil:
		return nil, nil
	}
	k.logger.WarnContext(ctx, "server did not start again", logging.Err(err))
	return k.restart(ctx, row, err)
}

// revive starts a dead server again, unless it died too often.
func (k *keeper) revive(ctx context.Context, server Server, row *int) (Server, error) {
	k.logger.WarnContext(ctx, "server died", logging.Err(server.Err()))
	k.end(ctx, server) // its children, and what else it left behind
	now := time.Now()
	k.deaths = slices.DeleteFunc(append(k.deaths, now), func(t time.Time) bool { return now.Sub(t) > time.Hour })
	if len(k.deaths) > k.patience.Deaths {
		return nil, fmt.Errorf("died %d times within an hour, the last: %w", len(k.deaths), orEnded(server.Err()))
	}
	return k.restart(ctx, row, server.Err())
}

var errEnded = errors.New("worker: server ended by itself")

// orEnded is err, or words for an end without one.
func orEnded(err error) error {
	if err == nil {
		return errEnded
	}
	return err
}

// restart tries until the row of restarts is too long. It returns neither a
// server nor an error when ctx ended.
func (k *keeper) restart(ctx context.Context, row *int, last error) (Server, error) {
	for wait := k.patience.Backoff; *row < k.patience.Restarts; wait = min(2*wait, k.patience.BackoffMax) {
		*row++
		if !sleep(ctx, wait) {
			return nil, nil
		}
		server, err := k.start(ctx)
		if err == nil {
			k.logger.InfoContext(ctx, "server started again")
			return server, nil
		}
		if ctx.Err() != nil {
			return nil, nil
		}
		last = err
		k.logger.WarnContext(ctx, "server did not start again", logging.Err(err))
	}
	if last == nil {
		return nil, fmt.Errorf("keeps ending after %d restarts", *row)
	}
	return nil, fmt.Errorf("keeps dying after %d restarts: %w", *row, last)
}

func (k *keeper) end(ctx context.Context, server Server) {
	ctx, cancel := k.closing(ctx, 1)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		k.logger.WarnContext(ctx, "server not stopped in order", logging.Err(err))
	}
}

// sleep reports whether d passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
