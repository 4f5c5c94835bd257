package learned

import (
	"context"
	"slices"
	"sync"
	"time"

	"postfleet/internal/logging"
)

// Lease is the right to find out about one screen, which one worker has at a
// time. It is renewed until it is released, so release it: Release, or Confirm
// or Forgo of everything that Seek named. It is safe for concurrent use.
type Lease struct {
	book  *Book
	at    Place
	token string

	// since is the file's revision as of which the holder knows the records.
	since int64

	mu sync.Mutex
	// stored are the records that are the holder's own.
	stored []string
	// sought are the elements of which something may still be confirmed.
	sought []string

	stop    context.CancelCauseFunc
	renewed chan struct{}
}

func (b *Book) newLease(at Place, since int64) *Lease {
	return &Lease{book: b, at: at, token: newID() + newID(), since: since, renewed: make(chan struct{})}
}

// hold starts renewing a lease that the file has. That lasts until the lease is
// released, whatever becomes of ctx.
func (b *Book) hold(ctx context.Context, l *Lease) {
	ctx, l.stop = context.WithCancelCause(context.WithoutCancel(ctx))
	b.mu.Lock()
	b.held[l.token] = l
	b.mu.Unlock()
	go func() {
		defer close(l.renewed)
		l.keep(ctx)
	}()
}

// holding returns the lease that this book has on a screen, if it has not lapsed.
func (b *Book) holding(at Place) *Lease {
	x, err := b.view()
	if err != nil {
		return nil
	}
	l := x.of.leaseOf(at, time.Now())
	if l == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held[l.Token]
}

func (b *Book) leases() []*Lease {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]*Lease, 0, len(b.held))
	for _, l := range b.held {
		all = append(all, l)
	}
	return all
}

// keep renews the lease until ctx ends or it is lost.
func (l *Lease) keep(ctx context.Context) {
	ticker := time.NewTicker(renewEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if l.book.waiting.Load() > 0 {
			continue
		}
		lost := false
		err := l.book.change(ctx, "renew the lease on", func(c *contents, now time.Time) (bool, error) {
			lost = !c.renew(l.token, now)
			return !lost, nil
		})
		switch {
		case ctx.Err() != nil:
			return
		case err != nil: // there is time for another attempt
			l.book.log.WarnContext(ctx, "a lease was not renewed", logging.Err(err))
		case lost:
			l.forget()
			return
		}
	}
}

// forget makes the book give the lease to nobody any more.
func (l *Lease) forget() {
	l.book.mu.Lock()
	defer l.book.mu.Unlock()
	delete(l.book.held, l.token)
}

// Seek names elements of the screen that are being found out about together.
// The lease is released when the last of them was confirmed or forgone.
func (l *Lease) Seek(names ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range names {
		if !slices.Contains(l.sought, n) {
			l.sought = append(l.sought, n)
		}
	}
}

// Forgo says that nothing will be confirmed of elements that were sought.
func (l *Lease) Forgo(ctx context.Context, names ...string) error {
	l.mu.Lock()
	l.sought = slices.DeleteFunc(l.sought, func(n string) bool { return slices.Contains(names, n) })
	last := len(l.sought) == 0
	l.mu.Unlock()
	if !last {
		return nil
	}
	return l.Release(ctx)
}

// Release lets others find out, also when ctx has ended: they would wait for a
// minute. Calling it twice is safe.
func (l *Lease) Release(ctx context.Context) error {
	l.end()
	ctx, cancel := afterwards(ctx)
	defer cancel()
	return l.book.change(ctx, "release the lease on", func(c *contents, _ time.Time) (bool, error) {
		return c.release(l.token), nil
	})
}

// end stops renewing, and waits for that.
func (l *Lease) end() {
	l.stop(nil)
	<-l.renewed
	l.forget()
}
