package learned

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/sharedfile"
)

const (
	// leaseTime is how long a lease or a ticket lasts that nobody renews.
	leaseTime = time.Minute
	// renewEvery leaves room for two renewals that fail.
	renewEvery = leaseTime / 3
	// lookEvery is how soon those who wait see what became of it.
	lookEvery = 100 * time.Millisecond
	// flushEvery is how long successes that change nothing are kept back.
	flushEvery = 20 * time.Minute
	// tidyTime is how long it is tried to leave nothing behind.
	tidyTime = 2 * time.Second
)

// Limits bound the file. What was not used for longest goes first.
type Limits struct {
	// Records is how many there may be; 0 is 500.
	Records int
	// Bytes is about how large the file may be; 0 is 1 MiB.
	Bytes int
	// Unused is after what time without use a record goes; 0 is 60 days.
	Unused time.Duration
}

const (
	maxRecords = 500
	maxBytes   = 1 << 20
	maxUnused  = 60 * 24 * time.Hour
)

// Config says whose book it is.
type Config struct {
	// Path is that of learned.yaml; its directory must be there.
	Path string
	// Worker is whom leases and tickets are given to. No two workers that live
	// have the same name; one that starts again has its former leases.
	Worker string
	// Run is written beside what is learned.
	Run    string
	Limits Limits
}

// Book is learned.yaml as one worker sees it. It is safe for concurrent use, in
// any number of processes. Its changes are on the disk when it returns.
type Book struct {
	cfg   Config
	log   *slog.Logger
	file  *sharedfile.File[contents]
	index atomic.Pointer[index]
	// since is when the book was opened, as exact as the file is.
	since   time.Time
	waiting atomic.Int32

	mu sync.Mutex
	// held are the leases of this book, by token.
	held map[string]*Lease
	// uses are successes that are still to be written, by the record's ID.
	uses map[string]tally
}

// tally is how often a record was used, and when last.
type tally struct {
	n    int
	last attempt
}

// New returns the book. Nothing is opened. Close it.
func New(cfg Config, log *slog.Logger) *Book {
	if cfg.Limits.Records <= 0 {
		cfg.Limits.Records = maxRecords
	}
	if cfg.Limits.Bytes <= 0 {
		cfg.Limits.Bytes = maxBytes
	}
	if cfg.Limits.Unused <= 0 {
		cfg.Limits.Unused = maxUnused
	}
	b := &Book{cfg: cfg, log: log, since: stamp(time.Now()), held: map[string]*Lease{}, uses: map[string]tally{}}
	rules := rules()
	rules.MendFunc = func(error) (contents, error) { return contents{}, nil }
	rules.AsideFunc = b.putAside
	b.file = sharedfile.New(cfg.Path, sharedfile.YAML(), rules)
	return b
}

func rules() sharedfile.Rules[contents] {
	return sharedfile.Rules[contents]{CheckFunc: (*contents).check, CloneFunc: (*contents).clone}
}

// putAside says that memory was lost. It is said by the one who found it so.
func (b *Book) putAside(damage error, kept string) {
	b.log.Warn("what was learned is damaged and was put aside; starting anew", logging.Err(damage),
		slog.String(logging.KeyPath, kept))
}

// Close gives up what the book holds, writes what it kept back, if that can be
// done soon, and closes what it has open.
func (b *Book) Close() error {
	ctx, cancel := afterwards(context.Background())
	defer cancel()
	var errs []error
	for _, l := range b.leases() {
		errs = append(errs, l.Release(ctx))
	}
	b.mu.Lock()
	pending := len(b.uses)
	b.mu.Unlock()
	if pending > 0 {
		errs = append(errs, b.change(ctx, "write", func(*contents, time.Time) (bool, error) { return true, nil }))
	}
	return errors.Join(append(errs, infra("close", b.file.Close()))...)
}

// afterwards is ctx for what is still to be done when it has ended.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
}

// change hands change the contents, and writes them if it reports true. What
// was kept back is written with it.
func (b *Book) change(ctx context.Context, doing string, change func(*contents, time.Time) (bool, error)) error {
	var uses map[string]tally
	err := b.file.Change(ctx, func(c *contents) (bool, error) {
		now := time.Now()
		changed, err := change(c, now)
		if err != nil || !changed {
			return false, err
		}
		uses = b.takeUses()
		c.add(uses)
		c.tidy(now, b.cfg.Limits)
		return true, nil
	})
	if err != nil {
		b.keepUses(uses)
	}
	return infra(doing, err)
}

// infra says what was being done, and that a walk can go on without.
func infra(doing string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s what was learned: %w", doing, err)
	if fault.Of(err) != fault.Unclassified {
		return fault.Mark(fault.Infra, err)
	}
	return err
}

// add adds successes that were kept back.
func (c *contents) add(uses map[string]tally) {
	for id, t := range uses {
		if r := c.find(id); r != nil && r.Active() {
			r.succeed(t.last)
			r.Successes += t.n - 1
			c.touch(r)
		}
	}
}

func (b *Book) takeUses() map[string]tally {
	b.mu.Lock()
	defer b.mu.Unlock()
	uses := b.uses
	b.uses = map[string]tally{}
	return uses
}

// keepUses keeps back what could not be written.
func (b *Book) keepUses(uses map[string]tally) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, t := range uses {
		also := b.uses[id]
		t.n += also.n
		if also.last.at.After(t.last.at) {
			t.last = also.last
		}
		b.uses[id] = t
	}
}
