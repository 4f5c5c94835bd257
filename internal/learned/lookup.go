package learned

import (
	"context"
	"slices"
	"time"

	"postfleet/internal/sharedfile"
)

// index finds the records of one document.
type index struct {
	of      *contents
	records map[key][]*Record
}

// view returns the file's contents, which nobody changes, and their index.
func (b *Book) view() (*index, error) {
	doc, err := b.file.View()
	if err != nil {
		return nil, infra("read", err)
	}
	if x := b.index.Load(); x != nil && x.of == doc {
		return x, nil
	}
	x := &index{of: doc, records: make(map[key][]*Record, len(doc.Records))}
	for i := range doc.Records {
		r := &doc.Records[i]
		x.records[r.key()] = append(x.records[r.key()], r)
	}
	b.index.Store(x)
	return x, nil
}

// look judges by what the file says, without its lock.
func (b *Book) look(at Place, w Wanted) (judgement, error) {
	x, err := b.view()
	if err != nil {
		return judgement{}, err
	}
	return x.of.judge(x.records[w.key(at)], at, w, b.asker(time.Now())), nil
}

func (b *Book) asker(now time.Time) asker {
	return asker{worker: b.cfg.Worker, since: b.since, now: now}
}

// Lookup returns the record of what is wanted, or why there is none to be used
// now. It does not wait. A candidate, and a trusted record that has not worked
// since the book was opened, is the caller's to try, alone, until it says what
// came of it: Succeed, Fail or Return. Any other costs asking for the file's
// state.
func (b *Book) Lookup(ctx context.Context, at Place, w Wanted) (Use, Reason, error) {
	j, err := b.look(at, w)
	if err != nil {
		return Use{}, "", err
	}
	if j.what == toTry {
		if j, err = b.try(ctx, at, w); err != nil {
			return Use{}, "", err
		}
	}
	if j.what == toUse {
		return j.record.use(at), "", nil
	}
	return Use{}, j.miss, nil
}

// try takes the ticket of a candidate, if it is still to be had.
func (b *Book) try(ctx context.Context, at Place, w Wanted) (j judgement, err error) {
	err = b.change(ctx, "try", func(c *contents, now time.Time) (bool, error) {
		j = c.judge(c.matching(w.key(at)), at, w, b.asker(now))
		return c.ticket(&j, b.cfg.Worker, now), nil
	})
	return j, err
}

// ticket gives the worker the record that it may try.
func (c *contents) ticket(j *judgement, worker string, now time.Time) bool {
	if j.what != toTry {
		return false
	}
	j.record.Canary = &Ticket{Worker: worker, Until: now.Add(leaseTime)}
	c.touch(j.record)
	// The document is about to be sorted and written.
	taken := *j.record
	*j = judgement{what: toUse, record: &taken}
	return true
}

// Records returns all records of the file at path, in the order of their use,
// and where nothing more is learned. A damaged file is sharedfile.ErrDamaged.
func Records(path string) ([]Record, []Stop, error) {
	file := sharedfile.New(path, sharedfile.YAML(), rules())
	doc, err := file.Read()
	if err != nil {
		return nil, nil, infra("read", err)
	}
	slices.SortStableFunc(doc.Records, func(a, b Record) int { return b.LastUsed().Compare(a.LastUsed()) })
	return doc.Records, doc.Stops, nil
}
