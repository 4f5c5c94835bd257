package book

import "postfleet/internal/progress"

// What an account offers, when it is no row.
const (
	nothing  int32 = -1 - iota // and will not today
	later                      // but it may yet
	notTaken                   // these terms never take the account
)

// queue is what the accounts offer to workers of the same terms, on one day.
type queue struct {
	scope   scope
	offers  []int32 // by account: the row to claim first, or one of the above
	offered bitset  // those rows
	later   int     // how many offers are later
	posts   []int32 // by account: made today; nil when there is no cap
}

func newQueue(x *index, s scope) *queue {
	q := &queue{scope: s, offers: make([]int32, len(x.tallies)), offered: newBitset(len(x.rows))}
	q.admit(x)
	if s.cap > 0 {
		q.posts = make([]int32, len(x.tallies))
		for i, row := range x.rows {
			q.count(x.account[i], row, +1)
		}
	}
	for a := range q.offers {
		q.judge(x, int32(a))
	}
	return q
}

// admit marks the accounts that the terms do not take.
func (q *queue) admit(x *index) {
	listed, others, names := notTaken, nothing, q.scope.reserved
	if len(q.scope.only) > 0 {
		listed, others, names = nothing, notTaken, q.scope.only
	}
	for a := range q.offers {
		q.offers[a] = others
	}
	for _, name := range names {
		if a, ok := x.number[name]; ok {
			q.offers[a] = listed
		}
	}
}

// pick returns the ID of the first row in file order that is offered.
func (q *queue) pick() (int, error) {
	if i := q.offered.next(0); i >= 0 {
		return i + 1, nil
	}
	if q.later > 0 {
		return 0, progress.ErrNothingNow
	}
	return 0, progress.ErrNothingLeft
}

// count adds n to the account's posts of the day if the row is one.
func (q *queue) count(a int32, row *progress.Row, n int32) {
	if q.posts != nil && row.Counts() && q.scope.isToday(row.Time) {
		q.posts[a] += n
	}
}

// judge takes note of what the account offers now.
func (q *queue) judge(x *index, a int32) {
	before := q.offers[a]
	if before == notTaken {
		return
	}
	now := q.offer(x, a)
	if now == before {
		return
	}
	q.offers[a] = now
	if before >= 0 {
		q.offered.remove(int(before))
	} else if before == later {
		q.later--
	}
	if now >= 0 {
		q.offered.add(int(now))
	} else if now == later {
		q.later++
	}
}

// offer is the claim rule for one account. A row that is claimed or waits for
// verification may come back as a pending one, so it is later for the whole
// account. They count as posts too, but where there are any, the cap is not
// what decides.
func (q *queue) offer(x *index, a int32) int32 {
	t := &x.tallies[a]
	switch {
	case t.claimed > 0:
		return later
	case t.waiting > 0:
		return x.firstOf(x.toCheck, a)
	case t.plain == 0, q.posts != nil && q.posts[a] >= q.scope.cap:
		return nothing
	default:
		return x.firstOf(x.toPost, a)
	}
}

// firstOf returns the account's first row in the set of places, or later.
func (x *index) firstOf(places bitset, a int32) int32 {
	if p := places.next(int(x.start[a])); p >= 0 && p < int(x.start[a+1]) {
		return x.row[p]
	}
	return later
}
