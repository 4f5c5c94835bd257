package learned

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Finding is an element that was found, and used with success.
type Finding struct {
	Wanted

	// Find are the ways to it, the best first.
	Find []Identity
	// Model and Prompt are who found it.
	Model, Prompt string
	// Private are what must not be stored: account, caption and whatever else
	// belongs to a job.
	Private []string
}

// Confirm stores a finding as a candidate: its finder used it, and what was
// expected of it came about. It takes the place of what was known. ErrRefused
// when it must not be stored; ErrLeaseLost when the lease has lapsed;
// ErrReplaced when somebody changed the record meanwhile; ErrLearningOff. With
// any of them the finding counts as forgone.
func (l *Lease) Confirm(ctx context.Context, f Finding) error {
	if err := l.check(f); err != nil {
		return errors.Join(err, l.Forgo(ctx, f.Name))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sought = slices.DeleteFunc(l.sought, func(n string) bool { return n == f.Name })
	last := len(l.sought) == 0
	var stored *Record
	var refused error
	err := l.book.change(ctx, "store", func(c *contents, now time.Time) (bool, error) {
		stored, refused = l.store(c, f, now)
		return (last && c.release(l.token)) || stored != nil, nil
	})
	switch {
	case last && err != nil: // or others would wait until it lapses
		err = errors.Join(err, l.Release(ctx))
	case last:
		l.end()
	}
	if err == nil && stored != nil {
		l.stored = append(l.stored, stored.ID)
		l.book.log.InfoContext(ctx, "learned an element of a screen", slog.String(keyRecord, stored.ID),
			slog.String(keyElement, stored.Name), slog.String(keyScreen, stored.Screen.Key))
	}
	return errors.Join(err, infra("store", refused))
}

func (l *Lease) check(f Finding) error {
	if l.at.Screen.Key == "" {
		return fmt.Errorf("%w: the screen cannot be told from others", ErrRefused)
	}
	return checkWays(f.Find, f.Private)
}

// The keys of what is logged of a record.
const (
	keyRecord  = "record"
	keyElement = "element"
	keyScreen  = "screen"
)

// store makes the finding a record, of which it returns a copy.
func (l *Lease) store(c *contents, f Finding, now time.Time) (*Record, error) {
	if !c.renew(l.token, now) {
		return nil, ErrLeaseLost
	}
	if err := c.stopped(l.at.App, l.at.Version); err != nil {
		return nil, err
	}
	by := attempt{worker: l.book.cfg.Worker, version: l.at.Version, at: stamp(now)}
	r := l.record(f, by)
	for i := range c.Records {
		o := &c.Records[i]
		switch {
		case !o.Active() || !o.rivals(&r):
		case o.Hash == r.Hash && slices.Equal(o.Find, r.Find): // found again
			if o.State == StateTrusted || o.By.Worker == by.worker { // others trust what works without the model
				o.succeed(by)
				c.touch(o)
			}
			again := *o
			return &again, nil
		case o.Revision > l.since && !slices.Contains(l.stored, o.ID):
			return nil, fmt.Errorf("%w: by worker %s", ErrReplaced, o.By.Worker)
		}
	}
	c.put(r)
	return &r, nil
}

func (l *Lease) record(f Finding, by attempt) Record {
	return Record{
		ID: newID(), State: StateCandidate,
		App: l.at.App, Recipe: l.at.Recipe, Kind: f.kind(), Name: f.Name, Hash: f.Hash,
		Screen: Print{l.at.Screen}, Find: slices.Clone(f.Find),
		Version: by.version, VersionsOK: []string{by.version}, Successes: 1, Workers: []string{by.worker},
		LearnedAt: by.at, LastOK: by.at,
		By: Provenance{Model: f.Model, Prompt: f.Prompt, Worker: by.worker, Run: l.book.cfg.Run},
	}
}
