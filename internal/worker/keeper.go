package worker

import (
	"context"
	"fmt"
	"log/slog"
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
	logger   *slog.Logger
}

func (w *Worker) keeper(name string, start StartFunc, class fault.Class) *keeper {
	return &keeper{
		name: name, start: start, class: class, patience: w.cfg.Patience, fail: w.ctl.fail,
		logger: w.logger.With(slog.String(keyServer, name)),
	}
}

// keep starts the server and returns when it is ready. Stop ends it, waits for
// it, and may be called twice.
func (k *keeper) keep(ctx context.Context) (stop func(), err error) {
	server, err := k.start(ctx)
	if err != nil {
		return nil, err
	}
	k.logger.InfoContext(ctx, "server started")
	// The server outlives a cancelled job: the phone's session ends before it.
	watching, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() {
		server = k.watch(watching, server)
		k.end(watching, server)
	})
	return func() {
		cancel(nil)
		wg.Wait()
	}, nil
}

// watch returns the last server it started when ctx ends, or when it gave up.
func (k *keeper) watch(ctx context.Context, server Server) Server {
	row := 0
	for {
		begun := time.Now()
		select {
		case <-ctx.Done():
			return server
		case <-server.Done():
		}
		if ctx.Err() != nil {
			return server
		}
		if time.Since(begun) >= k.patience.Healthy {
			row = 0
		}
		k.logger.WarnContext(ctx, "server died", logging.Err(server.Err()))
		k.end(ctx, server) // its children, and what else it left behind
		next, err := k.restart(ctx, &row, server.Err())
		if err != nil {
			k.fail(fault.Errorf(k.class, "%s: %w", k.name, err))
			return server
		}
		if next == nil {
			return server
		}
		server = next
	}
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.patience.Stop)
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
