package main

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"syscall"

	"postfleet/internal/worker"
	"postfleet/workerimage"
)

const keySignal = "signal"

// watchSignals obeys signals until stop is called: the first INT or TERM drains,
// the second cancels, the third exits. QUIT goes straight to cancel. Each says
// what the next will do.
func (a *app) watchSignals(ctx context.Context, w *worker.Worker, logger *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for step := 0; ; {
			select {
			case <-ctx.Done():
				return
			case s := <-a.signals:
				step = nextStep(step, s)
				a.obey(ctx, step, w, logger.With(slog.String(keySignal, s.String())))
			}
		}
	})
	return func() {
		cancel(nil)
		wg.Wait()
	}
}

// The steps of a stop.
const (
	stepDrain = iota + 1
	stepCancel
	stepExit
)

func nextStep(step int, s os.Signal) int {
	if s == syscall.SIGQUIT && step < stepCancel {
		return stepCancel
	}
	return min(step+1, stepExit)
}

func (a *app) obey(ctx context.Context, step int, w *worker.Worker, logger *slog.Logger) {
	switch step {
	case stepDrain:
		logger.InfoContext(ctx, "draining: the job ends, then the worker; the next signal cancels the job")
		w.Drain()
	case stepCancel:
		if w.Cancel() {
			logger.WarnContext(ctx, "the job is posting and goes on to its end; the next signal exits at once")
		} else {
			logger.WarnContext(ctx, "job cancelled, it goes back to the ledger; the next signal exits at once")
		}
	default:
		logger.ErrorContext(ctx, "exit at once; what was held is freed by the next worker")
		a.exit(workerimage.ExitError)
	}
}
