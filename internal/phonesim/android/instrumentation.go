package android

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"postfleet/internal/logging"
)

// AutomationPackage is the package the UiAutomator2 server runs in, and
// AutomationTestPackage the one whose instrumentation brings it up.
const (
	AutomationPackage     = "io.appium.uiautomator2.server"
	AutomationTestPackage = "io.appium.uiautomator2.server.test"
)

// Why a run of the instrumentation ended.
var (
	errRunEnded   = errors.New("android: the server ended its instrumentation")
	errRunStopped = errors.New("android: the instrumentation was force-stopped")
	errRunCrashed = errors.New("android: the instrumentation crashed")
)

const (
	headerTimeout   = 10 * time.Second
	shutdownTimeout = time.Second
)

// instrumentation runs the UiAutomator2 server, at most one at a time. A run
// outlives the shell that started it:
//
//	am instrument ──▶ starting ──delay──▶ listening ──▶ ended
//	                     └──── force-stop, crash, session deleted ────▲
type instrumentation struct {
	mu      sync.Mutex
	current *automationRun
	broken  bool
	closed  bool
}

// automationRun is one life of the server; done is closed when all of it ended.
type automationRun struct {
	end  context.CancelCauseFunc
	done chan struct{}
	err  error // why it ended, valid once done is closed
}

// startInstrumentation ends the current run and starts another. The run keeps
// nothing of ctx but its values.
func (d *Device) startInstrumentation(ctx context.Context) (*automationRun, error) {
	i := &d.instrumentation
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop(errRunStopped)
	if i.broken || i.closed {
		return nil, errRunCrashed
	}
	ctx, end := context.WithCancelCause(context.WithoutCancel(ctx))
	run := &automationRun{end: end, done: make(chan struct{})}
	i.current = run
	d.processes.spawn(AutomationPackage)
	go func() { // stop waits for it.
		defer close(run.done)
		run.err = d.automate(ctx, end)
		d.processes.kill(AutomationPackage)
		d.cfg.Logger.DebugContext(ctx, "instrumentation ended", logging.Err(run.err))
	}()
	return run, nil
}

// stopInstrumentation ends the current run and waits for its end.
func (d *Device) stopInstrumentation(cause error) {
	i := &d.instrumentation
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop(cause)
}

func (i *instrumentation) stop(cause error) {
	if i.current == nil {
		return
	}
	i.current.end(cause)
	<-i.current.done
	i.current = nil
}

// automate serves the two ports until ctx is done and says why it is.
func (d *Device) automate(ctx context.Context, end context.CancelCauseFunc) error {
	select {
	case <-time.After(d.cfg.InstrumentationDelay):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	server := d.cfg.AutomationFunc(func() { end(errRunEnded) })
	var serving sync.WaitGroup
	for port, handler := range map[int]http.Handler{AutomationPort: server, MJPEGPort: server.MJPEG()} {
		serving.Go(func() {
			if err := d.serveHTTP(ctx, port, handler); err != nil {
				end(err)
			}
		})
	}
	serving.Wait()
	return context.Cause(ctx)
}

// CrashInstrumentation ends the UiAutomator2 server as a crash does.
func (d *Device) CrashInstrumentation() { d.stopInstrumentation(errRunCrashed) }

// BreakInstrumentation makes every start of the instrumentation crash at once,
// until it is called with false.
func (d *Device) BreakInstrumentation(broken bool) {
	d.instrumentation.mu.Lock()
	defer d.instrumentation.mu.Unlock()
	d.instrumentation.broken = broken
}

// serveHTTP answers requests on a port of the phone until ctx is done, and
// returns when the last connection is closed. A server that ended itself may
// finish its last answer; one that was killed may not.
func (d *Device) serveHTTP(ctx context.Context, port int, handler http.Handler) error {
	l, err := d.ports.listen(port)
	if err != nil {
		return err
	}
	var open sync.WaitGroup
	server := &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: headerTimeout,
		ErrorLog:          slog.NewLogLogger(d.cfg.Logger.Handler(), slog.LevelDebug),
		ConnState:         countConnections(&open),
	}
	shut := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(shut)
		if errors.Is(context.Cause(ctx), errRunEnded) {
			grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
			defer cancel()
			_ = server.Shutdown(grace) // What is left is closed below.
		}
		_ = server.Close()
	})
	err = server.Serve(l)
	<-shut // Serve returns when the shutdown begins, which may wait for an answer
	open.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve device port %d: %w", port, err)
}

// Automated reports whether the instrumentation runs.
func (d *Device) Automated() bool { return d.pid(AutomationPackage) != 0 }
