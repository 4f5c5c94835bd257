package appium

import (
	"context"
	"errors"
	"strings"
	"time"
)

const (
	pollInterval = 75 * time.Millisecond
	pollTimeout  = time.Second
)

// awaitReady polls /status until the server is ready, has ended, or has had
// its time. The server is left as it is.
func (s *Server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.cfg.StartTimeout, ErrNotReady)
	defer cancel()
	client := NewClient(s.URL(), Timeouts{Command: pollTimeout})
	defer client.Close()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if ready, err := client.Ready(ctx); err == nil && ready {
			return s.alive()
		}
		select {
		case <-s.Done():
			return s.alive()
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// alive tells an answer of our server from one of a stranger on its port.
func (s *Server) alive() error {
	select {
	case <-s.Done():
		if portTaken(s.tail.String()) {
			return ErrPortTaken
		}
		return ErrExitedEarly
	default:
		return nil
	}
}

// abandon ends a server that did not become ready and says why it did not.
func (s *Server) abandon(ctx context.Context, why error) error {
	most := 2 * s.cfg.StopTimeout // its grace, and the cleaning up
	if ctx.Err() != nil {
		most = time.Second // it has no session that could be ended in order
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), most)
	defer cancel()
	stopErr := s.Stop(bounded)
	switch {
	case ctx.Err() != nil && errors.Is(why, context.Cause(ctx)):
		return errors.Join(why, stopErr)
	case errors.Is(why, ErrNotReady): // how it ended is our doing
		return errors.Join(startError(why, nil, s.LogTail()), stopErr)
	default:
		return errors.Join(startError(why, s.Err(), s.LogTail()), stopErr)
	}
}

// portTaken recognises what node prints when it cannot listen.
func portTaken(log string) bool { return strings.Contains(log, "EADDRINUSE") }
