package navigator_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"postfleet/internal/learned"
	"postfleet/internal/navigator"
)

// notebook is a memory of several workers, without a file.
type notebook struct {
	mu      sync.Mutex
	records []*note
	// leases are by screen, with the worker that has it.
	leases map[string]string
	// failed are the records that were taken out, with the reason.
	failed map[string]learned.Reason
	serial int
}

type note struct {
	id      string
	at      learned.Place
	name    string
	find    []learned.Identity
	trusted bool
	learner string
	// tries is the worker that tries a candidate.
	tries string
}

func newNotebook() *notebook {
	return &notebook{leases: map[string]string{}, failed: map[string]learned.Reason{}}
}

func (b *notebook) of(worker string) navigator.Memory { return &page{b, worker} }

// page is one worker's view of a notebook.
type page struct {
	book   *notebook
	worker string
}

var _ navigator.Memory = (*page)(nil)

func (b *notebook) find(at learned.Place, name string) *note {
	i := slices.IndexFunc(b.records, func(n *note) bool { return n.name == name && n.at.Screen.Same(at.Screen) })
	if i < 0 {
		return nil
	}
	return b.records[i]
}

func (p *page) Lookup(
	_ context.Context, at learned.Place, w learned.Wanted,
) (learned.Use, learned.Reason, error) {
	p.book.mu.Lock()
	defer p.book.mu.Unlock()
	n := p.book.find(at, w.Name)
	switch {
	case n == nil || slices.Contains(w.Not, n.id):
		return learned.Use{}, learned.NoEntry, nil
	case !n.trusted && n.learner != p.worker && n.tries != "" && n.tries != p.worker:
		return learned.Use{}, learned.BeingLearned, nil
	case !n.trusted && n.learner != p.worker:
		n.tries = p.worker
	}
	return learned.Use{ID: n.id, Find: n.find}, "", nil
}

func (p *page) Await(
	ctx context.Context, at learned.Place, w learned.Wanted,
) (learned.Use, navigator.Lease, error) {
	for {
		use, why, err := p.Lookup(ctx, at, w)
		if err != nil || use.Found() {
			return use, nil, err
		}
		if why == learned.NoEntry && p.book.lend(at, p.worker) {
			return learned.Use{}, &loan{page: p, at: at}, nil
		}
		timer := time.NewTimer(50 * time.Millisecond)
		select {
		case <-timer.C:
		case <-ctx.Done():
			return learned.Use{}, nil, ctx.Err()
		}
	}
}

func (b *notebook) lend(at learned.Place, worker string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	holder := b.leases[at.Screen.Key]
	if holder == "" {
		b.leases[at.Screen.Key] = worker
	}
	return holder == "" || holder == worker
}

func (p *page) alter(u learned.Use, change func(n *note)) error {
	p.book.mu.Lock()
	defer p.book.mu.Unlock()
	i := slices.IndexFunc(p.book.records, func(n *note) bool { return n.id == u.ID })
	if i < 0 {
		return nil
	}
	n := p.book.records[i]
	if n.tries == p.worker {
		n.tries = ""
	}
	change(n)
	return nil
}

func (p *page) Succeed(_ context.Context, u learned.Use) error {
	return p.alter(u, func(n *note) { n.trusted = n.trusted || n.learner != p.worker })
}

func (p *page) Return(_ context.Context, u learned.Use) error { return p.alter(u, func(*note) {}) }

func (p *page) Fail(_ context.Context, u learned.Use, why learned.Reason) error {
	return p.alter(u, func(n *note) {
		p.book.failed[n.id] = why
		p.book.records = slices.DeleteFunc(p.book.records, func(o *note) bool { return o == n })
	})
}

// plant writes a record as if it had been learned.
func (b *notebook) plant(at learned.Place, name string, find ...learned.Identity) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.serial++
	id := fmt.Sprint("r", b.serial)
	b.records = append(b.records, &note{id: id, at: at, name: name, find: find, learner: "somebody"})
	return id
}

// loan is a lease.
type loan struct {
	page   *page
	at     learned.Place
	sought []string
}

func (l *loan) Seek(names ...string) { l.sought = append(l.sought, names...) }

func (l *loan) Confirm(ctx context.Context, f learned.Finding) error {
	b := l.page.book
	b.mu.Lock()
	if b.leases[l.at.Screen.Key] != l.page.worker {
		b.mu.Unlock()
		return learned.ErrLeaseLost
	}
	if b.find(l.at, f.Name) == nil {
		b.serial++
		b.records = append(b.records, &note{
			id: fmt.Sprint("r", b.serial), at: l.at, name: f.Name, find: f.Find, learner: l.page.worker,
		})
	}
	b.mu.Unlock()
	return l.Forgo(ctx, f.Name)
}

func (l *loan) Forgo(ctx context.Context, names ...string) error {
	l.sought = slices.DeleteFunc(l.sought, func(n string) bool { return slices.Contains(names, n) })
	if len(l.sought) > 0 {
		return nil
	}
	return l.Release(ctx)
}

func (l *loan) Release(context.Context) error {
	l.page.book.mu.Lock()
	defer l.page.book.mu.Unlock()
	if l.page.book.leases[l.at.Screen.Key] == l.page.worker {
		delete(l.page.book.leases, l.at.Screen.Key)
	}
	return nil
}
