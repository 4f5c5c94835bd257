package phonebook

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"postfleet/internal/fault"
	"postfleet/internal/sharedfile"
)

// change hands change the contents and the phone's place in it, -1 when it has
// none.
func (b *Book) change(ctx context.Context, id string, change func(doc *contents, at int) error) error {
	err := b.file.Change(ctx, func(doc *contents) (bool, error) {
		doc.Version = version
		at := slices.IndexFunc(doc.Phones, func(e Entry) bool { return e.ID == id })
		return true, change(doc, at)
	})
	if err != nil {
		return fmt.Errorf("enter cloud phone %s in the book: %w", id, err)
	}
	return nil
}

// mayTake reports whether the one who asks may have a phone that is in the book.
func (b *Book) mayTake(e Entry) error {
	if e.Fleet != b.cfg.Fleet {
		return fault.Errorf(fault.Device, "%w: fleet %s", ErrHeld, e.Fleet)
	}
	return b.mayTakeFrom(e.Worker)
}

// mayTakeFrom reports whether a worker is the one who asks, or dead.
func (b *Book) mayTakeFrom(worker int) error {
	if worker == b.cfg.Worker {
		return nil
	}
	alive := true
	if b.cfg.AliveFunc != nil {
		var err error
		if alive, err = b.cfg.AliveFunc(worker); err != nil {
			return fmt.Errorf("ask whether worker %d lives: %w", worker, err)
		}
	}
	switch {
	case !alive:
		return nil
	case worker == NoWorker:
		return fault.Errorf(fault.Device, "%w: it is being stopped", ErrHeld)
	}
	return fault.Errorf(fault.Device, "%w: worker %d", ErrHeld, worker)
}

func rules() sharedfile.Rules[contents] {
	return sharedfile.Rules[contents]{CheckFunc: check, MendFunc: refuse}
}

// check says what the JSON decoder cannot: an empty object, or half an entry,
// is no book.
func check(c *contents) error {
	if c.Version != version {
		return fmt.Errorf("version %d", c.Version)
	}
	seen := make(map[string]bool, len(c.Phones))
	for _, e := range c.Phones {
		switch {
		case e.ID == "":
			return errors.New("a phone without an id")
		case seen[e.ID]:
			return fmt.Errorf("phone %s twice", e.ID)
		case e.State != Intent && e.State != Running && e.State != Stopping:
			return fmt.Errorf("phone %s in state %q", e.ID, e.State)
		}
		seen[e.ID] = true
	}
	return nil
}

// refuse is a damaged book: nobody knows which phones run, so nobody goes on.
func refuse(damage error) (contents, error) {
	return contents{}, fault.Errorf(fault.Ledger, "%w: it says which cloud phones run, and bill:"+
		" stop this fleet's phones in GeeLark's own console, then move the file away", damage)
}
