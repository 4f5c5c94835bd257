package custody

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"postfleet/internal/geelark/phonebook"
	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
)

const (
	// atOnce is how many phones are stopped at the same time.
	atOnce = 8
	// lockPoll is how often one asks for the lock of who stops phones.
	lockPoll = 50 * time.Millisecond
	// takeTime is what the book gets to say whose a phone is.
	takeTime = 30 * time.Second
)

// Outcome is what came of one phone in the book.
type Outcome struct {
	phonebook.Entry
	// Held: a living worker has it, and it was left alone.
	Held bool
	// Err is why it may be running still; nil when it is off, or Held.
	Err error
}

// StopLeft stops every phone in the book that no living worker holds, or, when
// names are given, only those of these names or ids. It returns what came of
// each, in the order of their names, and blocks until all were seen to be off,
// or were given up. Others that stop phones of this data directory come before
// or after. Its error is the book's, or the end of ctx.
func (c *Custody) StopLeft(ctx context.Context, names ...string) ([]Outcome, error) {
	if all, err := c.chosen(names); err != nil || len(all) == 0 {
		return nil, err
	}
	lock, err := c.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err := lock.Release(); err != nil {
			c.logger.WarnContext(ctx, "lock of who stops phones", logging.Err(err))
		}
	}()
	chosen, err := c.chosen(names) // somebody else may have stopped some meanwhile
	if err != nil {
		return nil, err
	}
	came := make([]Outcome, len(chosen))
	var all sync.WaitGroup
	turns := make(chan struct{}, atOnce)
	for i, e := range chosen {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			came[i] = c.stop(ctx, e)
		})
	}
	all.Wait()
	return came, nil
}

func (c *Custody) chosen(names []string) ([]phonebook.Entry, error) {
	entries, err := c.Book.Entries()
	if err != nil || len(names) == 0 {
		return entries, err
	}
	return slices.DeleteFunc(entries, func(e phonebook.Entry) bool {
		return !slices.Contains(names, e.Name) && !slices.Contains(names, e.ID)
	}), nil
}

func (c *Custody) stop(ctx context.Context, e phonebook.Entry) Outcome {
	switch err := c.take(ctx, e.ID); {
	case errors.Is(err, phonebook.ErrNotBooked):
		return Outcome{Entry: e}
	case errors.Is(err, phonebook.ErrHeld):
		return Outcome{Entry: e, Held: true}
	case errors.Is(err, phonebook.ErrNotWritten): // it bills, whether or not that can be written
		c.logger.WarnContext(ctx, "book of cloud phones cannot be written", logging.Err(err))
	case err != nil:
		return Outcome{Entry: e, Err: err}
	}
	c.logger.WarnContext(ctx, "stopping a cloud phone that was left running", logging.KeyDevice, e.Name)
	return Outcome{Entry: e, Err: c.stopper.Stop(ctx, e.ID)}
}

func (c *Custody) take(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, takeTime)
	defer cancel()
	return c.Book.Take(ctx, id)
}

// hold waits for the lock of who stops phones.
func (c *Custody) hold(ctx context.Context) (*filelock.Held, error) {
	again := time.NewTicker(lockPoll)
	defer again.Stop()
	for {
		lock, err := filelock.Hold(filepath.Join(c.cfg.DataDir, StopLock))
		if !errors.Is(err, progress.ErrBusy) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for who stops phones already: %w", context.Cause(ctx))
		case <-again.C:
		}
	}
}
