package fileledger

import (
	"context"
	"sync"
	"time"
)

// When progress.csv is published. Publishing costs as much as there are rows,
// so a large table is published at most a twentieth of the time. A small one
// is published by every transition, before it returns; only when processes
// change it at the same moment, each leaves it to the next, which shows all.
const (
	smallTable = 1000 // rows
	restFactor = 20
	shortest   = 5 * time.Millisecond
	longRest   = time.Second
	// retryAfter is for a publication that failed, or that another process is
	// at. A process that died over its own is stood in for after that, too.
	retryAfter = 1500 * time.Millisecond
)

// published is what came of a publication.
type published int

const (
	// busy: another process is at it.
	busy published = iota
	// shownAll: there was nothing to publish.
	shownAll
	// written: progress.csv was replaced.
	written
)

// publisher decides when to call publish. Its goroutine, for the publications
// that are put off, ends with close.
type publisher struct {
	publish func(ctx context.Context) (published, error)

	mu sync.Mutex
	// cost is how long the last publication took, and ended when it did.
	cost  time.Duration
	ended time.Time
	// crowd: others have changed the ledger since.
	crowd bool
	// rows is how large the table is.
	rows int
	// changes counts this process's transitions, and shown those of them that
	// were there when a publication began which is done.
	changes, shown int
	due            *time.Timer
	// dueAt is when due fires; zero: not at all.
	dueAt  time.Time
	closed bool

	// stop ends the goroutine, and stopped is closed when it has.
	stop    context.CancelFunc
	stopped chan struct{}
}

func newPublisher(publish func(ctx context.Context) (published, error)) *publisher {
	ctx, stop := context.WithCancel(context.Background())
	p := &publisher{
		publish: publish, due: time.NewTimer(0), stop: stop, stopped: make(chan struct{}),
		// A process that begins leaves a large table to those that are there already.
		ended: time.Now(),
	}
	p.due.Stop()
	go p.loop(ctx)
	return p
}

// others notes that another process has changed the ledger, or is publishing.
// What it publishes need not be published here for a while.
func (p *publisher) others(publishing bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crowd = true
	if publishing {
		p.ended = time.Now()
	}
}

// changed publishes, or sees to it, after a transition of this process on a
// ledger of that many rows. A publication that fails is tried again: the
// transition is safe without.
func (p *publisher) changed(ctx context.Context, rows int) {
	p.mu.Lock()
	p.changes, p.rows = p.changes+1, rows
	at := p.ended.Add(p.rest())
	if rows > smallTable || p.crowd && time.Now().Before(at) {
		p.putOff(at)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.run(ctx)
}

// behind sees to a publication that another process owes.
func (p *publisher) behind(rows int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rows = rows
	p.putOff(time.Now().Add(max(retryAfter, p.rest())))
}

// rest is how long the next publication should wait after the last.
func (p *publisher) rest() time.Duration {
	rest := restFactor * p.cost
	if p.rows > smallTable {
		return max(longRest, rest)
	}
	return max(shortest, rest)
}

// run publishes now.
func (p *publisher) run(ctx context.Context) {
	begun := time.Now()
	p.mu.Lock()
	p.crowd = false
	changes := p.changes
	p.mu.Unlock()
	what, err := p.publish(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = time.Now()
	switch {
	case err != nil: // the disk is full, as a rule, and will be for a while
		p.putOff(p.ended.Add(max(retryAfter, p.rest())))
	case what == busy:
		p.putOff(p.ended.Add(max(shortest, restFactor*p.cost)))
	case what == written:
		p.cost = p.ended.Sub(begun)
		fallthrough
	default:
		p.shown = max(p.shown, changes)
	}
}

// putOff has publish called at that time, or earlier if that is planned.
func (p *publisher) putOff(at time.Time) {
	if p.closed || !p.dueAt.IsZero() && !at.Before(p.dueAt) {
		return
	}
	p.due.Reset(time.Until(at))
	p.dueAt = at
}

func (p *publisher) loop(ctx context.Context) {
	defer close(p.stopped)
	defer p.due.Stop()
	for {
		select {
		case <-p.due.C:
		case <-ctx.Done():
			return
		}
		p.mu.Lock()
		p.dueAt = time.Time{}
		// Another process may have published meanwhile, which is as good.
		at := p.ended.Add(p.rest())
		early := time.Now().Before(at)
		if early {
			p.putOff(at)
		}
		p.mu.Unlock()
		if !early {
			p.run(ctx)
		}
	}
}

// close ends the goroutine and publishes what this process owes.
func (p *publisher) close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.stop()
	<-p.stopped
	for {
		p.mu.Lock()
		owing := p.shown < p.changes
		p.mu.Unlock()
		if !owing {
			return nil
		}
		what, err := p.publish(ctx)
		if err != nil || what != busy {
			return err
		}
		if !pause(ctx, shortest) {
			return ctx.Err()
		}
	}
}

// pause waits, and reports whether ctx still lasts.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
