package book

import (
	"time"

	"postfleet/internal/progress"
)

// replace takes note that row i, which was old, is another one now.
func (x *index) replace(i int32, old *progress.Row) {
	row, a := x.rows[i], x.account[i]
	x.leave(i, old)
	x.enter(i, row)
	for _, q := range x.queues {
		q.count(a, old, -1)
		q.count(a, row, +1)
		q.judge(x, a)
	}
}

// tick sets the clock.
func (x *index) tick(now time.Time) {
	x.clock.now = alarmAt(now, 0)
	for {
		i, due, ok := x.clock.turn()
		if !ok {
			return
		}
		if due {
			x.ready(x.rows[i]).add(int(x.place[i]))
		} else {
			x.ready(x.rows[i]).remove(int(x.place[i]))
		}
		for _, q := range x.queues {
			q.judge(x, x.account[i])
		}
	}
}

// enter adds what row i is to the indexes.
func (x *index) enter(i int32, row *progress.Row) {
	x.tallies[x.account[i]].add(row, +1)
	switch row.Status {
	case progress.StatusClaimed:
		x.claimed.add(int(i))
	case progress.StatusPending:
		x.pending.add(int(x.place[i]))
		if x.clock.watch(i, row.NotBefore) {
			x.ready(row).add(int(x.place[i]))
		}
	case progress.StatusSuccess, progress.StatusFail, progress.StatusSkip:
	}
}

// leave undoes enter.
func (x *index) leave(i int32, row *progress.Row) {
	x.tallies[x.account[i]].add(row, -1)
	switch row.Status {
	case progress.StatusClaimed:
		x.claimed.remove(int(i))
	case progress.StatusPending:
		x.pending.remove(int(x.place[i]))
		x.clock.forget(i, row.NotBefore)
		x.ready(row).remove(int(x.place[i]))
	case progress.StatusSuccess, progress.StatusFail, progress.StatusSkip:
	}
}

// ready is the set that the pending row is in when its time has come.
func (x *index) ready(row *progress.Row) bitset {
	if row.Verify() {
		return x.toCheck
	}
	return x.toPost
}

func (t *tally) add(row *progress.Row, n int32) {
	switch {
	case row.Status == progress.StatusClaimed:
		t.claimed += n
	case row.Verify():
		t.waiting += n
	case row.Status == progress.StatusPending:
		t.plain += n
	}
}
