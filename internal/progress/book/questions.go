package book

import (
	"iter"
	"time"

	"postfleet/internal/progress"
)

// Pick returns the ID of the row that a worker with these terms is to claim
// next. When there is none it returns progress.ErrNothingNow or
// progress.ErrNothingLeft.
//
// It is quick for terms that were asked with lately. They are compared by
// their values, but for Location, which is compared by the pointer: load a
// zone once.
func (b *Book) Pick(terms progress.Terms, now time.Time) (int, error) {
	x := b.indexed()
	x.tick(now)
	return x.queueOf(terms, now).pick()
}

// Claimed yields the claimed rows, in file order, in time that depends on their
// number only. Set may be called meanwhile: what has not been yielded yet comes
// as it is by then.
func (b *Book) Claimed() iter.Seq[*progress.Row] {
	return func(yield func(*progress.Row) bool) {
		x := b.indexed()
		for i := x.claimed.next(0); i >= 0; i = x.claimed.next(i + 1) {
			if !yield(b.rows[i]) {
				return
			}
		}
	}
}

// Pending yields the account's pending rows in file order, those included that
// wait for their time or for verification. Set may be called meanwhile, as for
// Claimed.
func (b *Book) Pending(account string) iter.Seq[*progress.Row] {
	return func(yield func(*progress.Row) bool) {
		x := b.indexed()
		a, ok := x.number[account]
		if !ok {
			return
		}
		end := int(x.start[a+1])
		for p := x.pending.next(int(x.start[a])); p >= 0 && p < end; p = x.pending.next(p + 1) {
			if !yield(b.rows[x.row[p]]) {
				return
			}
		}
	}
}
