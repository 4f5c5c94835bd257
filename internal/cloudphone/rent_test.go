package cloudphone_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"postfleet/internal/device"
	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/phonebook"
	"postfleet/internal/worker"
)

// A phone that another worker holds is waited for; it then is stopped and
// started anew, as nobody knows what was left on it.
func TestHeldPhone(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	die := c.live(0)
	if _, err := c.device(0, "").Start(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	_, err := c.device(1, "").Start(t.Context(), "a")
	if !errors.Is(err, phonebook.ErrHeld) || !errors.Is(err, worker.ErrHeld) {
		t.Errorf("the living's: got %v of class %s", err, fault.Of(err))
	}
	time.AfterFunc(100*time.Millisecond, die)
	second := c.device(1, "")
	if fresh, err := second.Start(t.Context(), "a"); err != nil || !fresh {
		t.Errorf("the dead's: got %v, %v", fresh, err)
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	c.wantOn()
}

// A phone that could not be stopped stays in the book, is no reason not to start
// the next one, and is tried again.
func TestStopThatFails(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d := c.device(0, "")
	if _, err := d.Start(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	c.fault(`{"kind":"code","api":"/open/v1/phone/stop","code":50000}`)
	if _, err := d.Start(t.Context(), "b"); err != nil {
		t.Errorf("the next phone: got %v", err)
	}
	c.wantOn("a", "b")
	if err := d.Stop(t.Context()); !errors.Is(err, geelark.ErrStillRunning) {
		t.Errorf("got %v", err)
	}
	c.fault("")
	if err := d.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	c.wantOn()
}

// A worker that was killed and made anew before anybody had stopped its phone is
// alive again in the eyes of all: it stops what it left itself, whatever its next
// job is, or when there is none. Others keep theirs.
func TestFormerLife(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"b", "a", ""} {
		t.Run("next "+next, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			if _, err := c.device(1, "").Start(t.Context(), "c"); err != nil {
				t.Fatal(err)
			}
			c.live(0)
			c.live(1)
			if _, err := c.device(0, "").Start(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			again := c.device(0, "")
			if next != "" {
				if _, err := again.Start(t.Context(), next); err != nil {
					t.Error(err)
				}
				c.wantOn(next, "c")
			}
			if err := again.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			c.wantOn("c")
		})
	}
}

// A start that is given up leaves no phone on.
func TestStartGivenUp(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.fault(`{"kind":"slow_start","delay_ms":60000}`)
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(200*time.Millisecond, func() { cancel(worker.ErrCancelled) })
	d := c.device(0, "")
	if _, err := d.Start(ctx, "a"); !errors.Is(err, worker.ErrCancelled) {
		t.Errorf("got %v", err)
	}
	c.wantOn()
	if err := d.Connect(t.Context()); !errors.Is(err, device.ErrNotConnected) {
		t.Errorf("connect without a phone: got %v", err)
	}
	if err := errors.Join(d.Check(t.Context()), d.Close(t.Context()), d.Stop(t.Context())); err != nil {
		t.Error(err)
	}
}
