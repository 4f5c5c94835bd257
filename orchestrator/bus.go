package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/usb"
	"postfleet/workerimage"
)

// Bus finds a phone on the engine's host by its serial number: usb.Bus. Errors
// are that package's.
type Bus interface {
	Find(serial string) (usb.Phone, error)
}

const (
	defaultBusEvery = time.Second
	// defaultPlugPatience is how long a slot waits for a phone that is not plugged
	// in before that counts as a failure of the device.
	defaultPlugPatience = time.Minute
	// busMisses is how many looks in a row must find a running worker's phone
	// gone, or elsewhere: a phone that changes its USB mode is gone for a moment.
	busMisses = 3
)

// OnBus returns c as the container that owns the phone: it may open the phone's
// device file, and no other.
func OnBus(c workerimage.Container, phone usb.Phone) workerimage.Container {
	c = c.WithLabels(map[string]string{workerimage.LabelBus: phone.Path})
	c.Devices = []string{phone.Path}
	if phone.Group >= 0 {
		c.Groups = []string{strconv.Itoa(phone.Group)}
	}
	return c
}

// awaitPlugged returns when the slot's phone is on the bus; at once when it is
// not one on USB.
func (s *slot) awaitPlugged(ctx context.Context) error {
	if s.USB == "" {
		return nil
	}
	giveUp := time.Now().Add(s.fleet.opts.PlugPatience)
	told := false
	for {
		_, err := s.fleet.opts.Bus.Find(s.USB)
		if !errors.Is(err, usb.ErrAbsent) || !time.Now().Before(giveUp) {
			return err
		}
		if !told {
			told = true
			s.logger.WarnContext(ctx, "waiting for the phone to be plugged in", logging.Err(err))
			s.note(s.move(SlotBackoff, "", "waiting for the phone "+s.USB+" to be plugged in"), giveUp)
		}
		if err := s.pause(ctx, s.fleet.opts.BusEvery); err != nil {
			return err
		}
	}
}

// plugged is the slot's container with the phone as it is plugged in just now.
func (s *slot) plugged(c workerimage.Container) (workerimage.Container, error) {
	if s.USB == "" {
		return c, nil
	}
	phone, err := s.fleet.opts.Bus.Find(s.USB)
	if err != nil {
		return workerimage.Container{}, err
	}
	return OnBus(c, phone), nil
}

// busWatch notices that a running worker's phone was unplugged or plugged in
// again. The container has the old device file for good, so it has to be made
// anew.
type busWatch struct {
	slot   *slot
	worker Container
	look   *time.Ticker
	misses int
}

// watchBus returns a watch that must be stopped; it never ticks for a phone that
// is not on USB.
func (s *slot) watchBus(worker Container) *busWatch {
	w := &busWatch{slot: s, worker: worker, look: time.NewTicker(s.fleet.opts.BusEvery)}
	if s.USB == "" {
		w.look.Stop()
	}
	return w
}

// round looks once and reports what is to be done about it, if anything.
func (w *busWatch) round() (diagnosis, bool) {
	phone, err := w.slot.fleet.opts.Bus.Find(w.slot.USB)
	was := w.worker.Labels[workerimage.LabelBus]
	if err == nil && phone.Path == was {
		w.misses = 0
		return diagnosis{}, false
	}
	if w.misses++; w.misses < busMisses {
		return diagnosis{}, false
	}
	reason := fmt.Sprintf("the phone %s was plugged in again: it is %s, was %s", w.slot.USB, phone.Path, was)
	if err != nil {
		reason = fmt.Sprintf("the phone %s is no longer at %s: %v", w.slot.USB, was, err)
	}
	return diagnosis{container: w.worker.ID, reason: reason}, true
}
