package adb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"postfleet/internal/fault"
)

// ErrVersion says that an adb server that is not ours speaks another protocol
// than our adb, which would end it for that. fault.Human.
var ErrVersion = errors.New("adb: server is of another version")

// protocolVersion is what adb's client and server must agree on. It has been
// the same since 2018.
const protocolVersion = 41

// AttachConfig is which server to use. Address must be given.
type AttachConfig struct {
	// Address is the host:port of the server.
	Address string
	// Timeout bounds the wait for it to answer; 0 is 15 s.
	Timeout time.Duration
}

// Attached stands for an adb server that somebody else runs. It can be used as
// a Server is, but nothing ever starts, stops or restarts it. That it has ended
// is seen by what is asked of it, and not here.
type Attached struct {
	done chan struct{}
	stop sync.Once
}

// Attach returns when the server answers, of a version that our adb does not
// end. An error has class fault.Infra, or fault.Human for the version.
func Attach(ctx context.Context, cfg AttachConfig, logger *slog.Logger) (*Attached, error) {
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultStartTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, cfg.Timeout, ErrNoServer)
	defer cancel()
	tick := time.NewTicker(statePoll)
	defer tick.Stop()
	for {
		v, err := version(ctx, cfg.Address)
		switch {
		case err == nil && v != protocolVersion:
			return nil, fault.Errorf(fault.Human,
				"%w: %s has %d, ours is %d: run platform-tools of 2018 or later there",
				ErrVersion, cfg.Address, v, protocolVersion)
		case err == nil:
			logger.InfoContext(ctx, "adb server of another host answers", "server", cfg.Address)
			return &Attached{done: make(chan struct{})}, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, attachError(ctx, cfg.Address, err)
		}
	}
}

func attachError(ctx context.Context, addr string, err error) error {
	cause := context.Cause(ctx)
	if !errors.Is(cause, ErrNoServer) {
		return fmt.Errorf("attach to adb server %s: %w", addr, cause)
	}
	return fault.Errorf(fault.Infra, "attach to adb server %s: %w: %w", addr, ErrNoServer, err)
}

// Done is closed by Stop.
func (a *Attached) Done() <-chan struct{} { return a.done }

// Err returns nil.
func (a *Attached) Err() error { return nil }

// Stop leaves the server as it is.
func (a *Attached) Stop(context.Context) error {
	a.stop.Do(func() { close(a.done) })
	return nil
}
