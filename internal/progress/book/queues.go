package book

import (
	"slices"
	"time"

	"postfleet/internal/progress"
)

// maxQueues is how many queues are kept. Each costs a Set some time, and
// memory for each account.
const maxQueues = 8

// queueOf returns the queue for these terms, which is made unless it was asked
// for lately.
func (x *index) queueOf(terms progress.Terms, now time.Time) *queue {
	s := scopeOf(terms, now)
	at := slices.IndexFunc(x.queues, func(q *queue) bool { return q.scope.equal(&s) })
	if at < 0 {
		x.retire(&s)
		s.own()
		x.queues = append(x.queues, newQueue(x, s))
		at = len(x.queues) - 1
	}
	q := x.queues[at]
	copy(x.queues[1:at+1], x.queues[:at])
	x.queues[0] = q
	return q
}

// retire makes room for a queue of this scope: of those for other days of the
// same terms only the last used one stays, and of all but that of the longest ago.
func (x *index) retire(s *scope) {
	days := 0
	x.queues = slices.DeleteFunc(x.queues, func(q *queue) bool {
		if q.scope.sameTerms(s) {
			days++
		}
		return days > 1 && q.scope.sameTerms(s)
	})
	if len(x.queues) == maxQueues {
		x.queues[maxQueues-1] = nil
		x.queues = x.queues[:maxQueues-1]
	}
}
