package worker

import (
	"context"
	"log/slog"
	"time"

	"postfleet/internal/logging"
)

// Recycle says when the Appium server, which grows with its sessions, is
// stopped and started again: only ever between two jobs. A zero field is the
// default, a negative one never recycles.
type Recycle struct {
	// Jobs is how many attempts one server serves; 50.
	Jobs int
	// MemoryBytes is what the server and its children may hold resident; 400 MB.
	MemoryBytes int64
}

func (r Recycle) withDefaults() Recycle {
	const jobs, bytes = 50, 400 << 20
	if r.Jobs == 0 {
		r.Jobs = jobs
	}
	if r.MemoryBytes == 0 {
		r.MemoryBytes = bytes
	}
	return r
}

// Sized is a Server that knows the memory it takes.
type Sized interface {
	// Memory returns the resident bytes of the server and its children.
	Memory() (int64, error)
}

const (
	keyWhy   = "why"
	keyBytes = "bytes"
	keyJobs  = "jobs"
)

// recycle starts Appium anew when it has grown or has served its time.
func (w *Worker) recycle(ctx context.Context) {
	bytes := w.appiumMemory(ctx)
	limit := w.cfg.Recycle
	switch {
	case w.served == 0:
	case limit.MemoryBytes > 0 && bytes > limit.MemoryBytes:
		w.renewAppium(ctx, "its memory has grown", slog.Int64(keyBytes, bytes))
	case limit.Jobs > 0 && w.served >= limit.Jobs:
		w.renewAppium(ctx, "it has served its jobs", slog.Int64(keyBytes, bytes))
	}
}

// appiumMemory is 0 when it cannot be told.
func (w *Worker) appiumMemory(ctx context.Context) int64 {
	sized, ok := w.appium.running().(Sized)
	if !ok {
		return 0
	}
	bytes, err := sized.Memory()
	if err != nil {
		w.logger.WarnContext(ctx, "memory of appium not known", logging.Err(err))
		return 0
	}
	return bytes
}

// renewAppium ends the phone's session and the server, and starts another. It
// blocks until that is ready, has failed for good, which drains the worker, or
// until somebody else drained it.
func (w *Worker) renewAppium(ctx context.Context, why string, attrs ...any) {
	w.logger.With(attrs...).InfoContext(ctx, "appium is recycled",
		slog.String(keyWhy, why), slog.Int(keyJobs, w.served))
	w.pulse.set(stateRecycling, 0, 2*w.cfg.Patience.Stop+w.cfg.Patience.Start)
	w.releaseDevice(ctx)
	w.contact, w.served = time.Time{}, 0
	w.appium.renew(ctx, w.ctl.drained)
}
