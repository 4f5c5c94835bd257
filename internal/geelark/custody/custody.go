// Package custody is what one data directory has of a GeeLark account: the
// client with its budget, and the book of the phones that were started. It
// knows by the workers' liveness locks who of those in the book is dead, and
// stops what the dead left running.
//
// It starts no phone: internal/geelark's Phone does, for a worker.
package custody

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/budget"
	"postfleet/internal/geelark/phonebook"
	"postfleet/internal/progress/filelock"
)

// Files of the data directory, beside phonebook.FileName.
const (
	// BudgetFile counts the requests of all processes.
	BudgetFile = "geelark-budget.json"
	// StopLock is held by whoever stops phones that the dead have left.
	StopLock = "phones.stop.lock"
)

// Config says whose phones, and how the service is asked.
type Config struct {
	DataDir, Fleet string
	// Worker is who starts phones, or phonebook.NoWorker for who only stops them.
	Worker      int
	BaseURL     string
	Credentials geelark.Credentials
	// PerMinute is how many requests each API takes in a minute; 0 is
	// budget.PerMinute.
	PerMinute int
	// StopTimeout bounds all the tries to stop one phone; 0 is
	// geelark.DefaultStopTimeout. Pace is as in geelark.PhoneConfig.
	StopTimeout, Pace time.Duration
}

// Custody has the account's client and the data directory's book. The caller
// closes it. It is safe for concurrent use.
type Custody struct {
	Client *geelark.Client
	Book   *phonebook.Book

	cfg     Config
	budget  *budget.Budget
	stopper *geelark.Stopper
	logger  *slog.Logger
}

// Open opens the book and makes the client; nothing is sent. A damaged book is
// of class fault.Ledger.
func Open(cfg Config, logger *slog.Logger) (*Custody, error) {
	c := &Custody{cfg: cfg, logger: logger}
	book, err := openBook(cfg)
	if err != nil {
		return nil, err
	}
	c.Book = book
	c.budget = budget.New(budget.Config{Path: filepath.Join(cfg.DataDir, BudgetFile), PerMinute: cfg.PerMinute})
	c.Client, err = geelark.New(geelark.Config{
		BaseURL: cfg.BaseURL, Credentials: cfg.Credentials, Budget: c.budget,
	})
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.stopper = geelark.NewStopper(geelark.StopConfig{Timeout: cfg.StopTimeout, Pace: cfg.Pace}, c.Client, book, logger)
	return c, nil
}

// Close closes the files.
func (c *Custody) Close() error { return errors.Join(c.Book.Close(), c.budget.Close()) }

// Own returns the phones in the book that are in this worker's name. One that has
// just begun to live has them from the life before, in which it was killed.
func (c *Custody) Own() ([]phonebook.Entry, error) {
	entries, err := c.Book.Entries()
	return slices.DeleteFunc(entries, func(e phonebook.Entry) bool { return e.Worker != c.cfg.Worker }), err
}

// Booked returns the phones that a data directory's fleet may have left
// running, without an account to ask.
func Booked(dataDir string) ([]phonebook.Entry, error) {
	book, err := openBook(Config{DataDir: dataDir, Worker: phonebook.NoWorker})
	if err != nil {
		return nil, err
	}
	entries, err := book.Entries()
	return entries, errors.Join(err, book.Close())
}

func openBook(cfg Config) (*phonebook.Book, error) {
	return phonebook.Open(phonebook.Config{
		Path: filepath.Join(cfg.DataDir, phonebook.FileName), Fleet: cfg.Fleet, Worker: cfg.Worker,
		AliveFunc: func(worker int) (bool, error) { return Alive(cfg.DataDir, worker) },
	})
}

// Alive reports whether a worker of the data directory lives, or, for
// phonebook.NoWorker, whether somebody is about to stop phones.
func Alive(dataDir string, worker int) (bool, error) {
	path := filepath.Join(dataDir, StopLock)
	if worker != phonebook.NoWorker {
		path = filepath.Join(dataDir, "workers", "worker-"+strconv.Itoa(worker)+".lock")
	}
	free, err := filelock.Free(path)
	if err != nil {
		return false, fmt.Errorf("ask for the lock of who holds a cloud phone: %w", err)
	}
	return !free, nil
}
