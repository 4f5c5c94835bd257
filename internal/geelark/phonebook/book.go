// Package phonebook keeps phones.json: the cloud phones that this data
// directory's fleet may have started and has not seen stop. A phone is in it
// before the call that starts it, so that whoever comes after a crash knows
// what may run up a bill.
//
// It calls nobody: starting and stopping are internal/geelark's.
package phonebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/sharedfile"
)

// FileName is the book's name in the data directory.
const FileName = "phones.json"

// version is the only format there is.
const version = 1

// What the book answers. Ask with errors.Is.
var (
	// ErrHeld is a phone that a living worker, or another fleet, has in the book.
	ErrHeld = errors.New("phonebook: phone is held by another worker")
	// ErrNotBooked is a phone that somebody took out of the book meanwhile.
	ErrNotBooked = errors.New("phonebook: phone is not in the book")
	// ErrNotWritten is a phone that the caller may have, but of which that could not
	// be written down: as on a full disk.
	ErrNotWritten = errors.New("phonebook: not written")
)

// State is how far a phone in the book has come.
type State string

// The states. A phone that was seen to have stopped is not in the book.
const (
	// Intent is a phone that is about to be started, or was: whoever wrote it may
	// have died before it knew.
	Intent State = "intent"
	// Running is a phone whose start the service has accepted.
	Running State = "running"
	// Stopping is a phone that is to be off, and was not seen to be.
	Stopping State = "stopping"
)

// Entry is one phone.
type Entry struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Fleet     string    `json:"fleet"`
	Worker    int       `json:"worker"`
	StartedAt time.Time `json:"started_at"`
	State     State     `json:"state"`
	// LastError is what came of the last attempt to stop it.
	LastError string `json:"last_error,omitempty"`
}

// NoWorker is who starts no phones and only stops what others left: an
// orchestrator, or a command of it. Workers count from 0.
const NoWorker = -1

// Config says whose book it is.
type Config struct {
	// Path is that of phones.json.
	Path string
	// Fleet and Worker are who is written beside a phone.
	Fleet  string
	Worker int
	// AliveFunc reports whether a worker of this data directory lives, or, for
	// NoWorker, whether somebody stops phones just now: what a dead one held may be
	// taken over. Without it everybody is taken for alive. It is
	// called with the book locked.
	AliveFunc func(worker int) (bool, error)
}

// Book is phones.json as one process sees it. It is safe for concurrent use,
// in any number of processes. Its changes are on the disk when it returns.
type Book struct {
	cfg  Config
	file *sharedfile.File[contents]
}

// contents is the file.
type contents struct {
	Version int     `json:"version"`
	Phones  []Entry `json:"phones"`
}

// Open returns the book at cfg.Path, which need not be there yet. A book that
// is damaged is an error of class fault.Ledger that says what to do.
func Open(cfg Config) (*Book, error) {
	b := &Book{cfg: cfg, file: sharedfile.New(cfg.Path, sharedfile.JSON(), rules())}
	if _, err := b.Entries(); err != nil {
		return nil, err
	}
	return b, nil
}

// Close closes what the book has open.
func (b *Book) Close() error { return b.file.Close() }

// Entries returns every phone in the book, in the order of their names.
func (b *Book) Entries() ([]Entry, error) {
	doc, err := b.file.Read()
	if err != nil {
		return nil, fmt.Errorf("read the book of cloud phones: %w", err)
	}
	slices.SortFunc(doc.Phones, func(x, y Entry) int {
		if by := strings.Compare(x.Name, y.Name); by != 0 {
			return by
		}
		return strings.Compare(x.ID, y.ID)
	})
	return doc.Phones, nil
}

// Booked reports whether the phone is in the book, whoever entered it.
func (b *Book) Booked(_ context.Context, id string) (bool, error) {
	entries, err := b.Entries()
	return slices.ContainsFunc(entries, func(e Entry) bool { return e.ID == id }), err
}

// Intend enters a phone that is about to be started, or takes it over from this
// worker's former life or from a dead worker. ErrHeld, of class fault.Device,
// when it is somebody else's.
func (b *Book) Intend(ctx context.Context, id, name string) error {
	return b.change(ctx, id, func(doc *contents, at int) error {
		own := Entry{
			ID: id, Name: name, Fleet: b.cfg.Fleet, Worker: b.cfg.Worker,
			StartedAt: time.Now().UTC().Truncate(time.Second), State: Intent,
		}
		if at < 0 {
			doc.Phones = append(doc.Phones, own)
			return nil
		}
		if err := b.mayTake(doc.Phones[at]); err != nil {
			return err
		}
		own.StartedAt = doc.Phones[at].StartedAt // it may have run since
		doc.Phones[at] = own
		return nil
	})
}

// Take makes a phone in the book the caller's to stop, unless a living worker
// has it: ErrHeld. Nobody starts it from then on until it is out of the book, or
// the caller has died. Which fleet started it does not count: liveness is that of
// this data directory, whatever the fleet was called then. ErrNotBooked when
// it is off by now. ErrNotWritten when nobody has it and the book cannot say that
// the caller does: nor can it be said that anybody else starts it.
func (b *Book) Take(ctx context.Context, id string) error {
	mine := false
	err := b.change(ctx, id, func(doc *contents, at int) error {
		if at < 0 {
			return fault.Errorf(fault.Infra, "%w: it is off by now", ErrNotBooked)
		}
		e := &doc.Phones[at]
		if err := b.mayTakeFrom(e.Worker); err != nil {
			return err
		}
		e.Worker, e.State, mine = b.cfg.Worker, Stopping, true
		return nil
	})
	if err != nil && mine {
		return fmt.Errorf("%w: %w", ErrNotWritten, err)
	}
	return err
}

// Running records that the service has started the phone. ErrNotBooked when it
// was not intended.
func (b *Book) Running(ctx context.Context, id string) error {
	return b.set(ctx, id, Running, nil)
}

// Stopping records that the phone is to be off, and why it is not yet, if the
// reason is known. ErrNotBooked when it was not intended.
func (b *Book) Stopping(ctx context.Context, id string, why error) error {
	return b.set(ctx, id, Stopping, why)
}

// Stopped takes a phone that is off out of the book. One that is not in it is
// fine.
func (b *Book) Stopped(ctx context.Context, id string) error {
	return b.change(ctx, id, func(doc *contents, at int) error {
		if at >= 0 {
			doc.Phones = slices.Delete(doc.Phones, at, at+1)
		}
		return nil
	})
}

func (b *Book) set(ctx context.Context, id string, state State, why error) error {
	return b.change(ctx, id, func(doc *contents, at int) error {
		if at < 0 {
			return fault.Errorf(fault.Ledger, "%w: %s", ErrNotBooked, b.file.Path())
		}
		doc.Phones[at].State, doc.Phones[at].LastError = state, ""
		if why != nil {
			doc.Phones[at].LastError = why.Error()
		}
		return nil
	})
}
