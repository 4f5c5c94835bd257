package ledgerproof

import (
	"sync/atomic"
	"syscall"
)

const (
	stop = syscall.SIGSTOP
	goOn = syscall.SIGCONT
)

// tickets are the kills that are left: a life that is to be killed takes one,
// and gives it back when it ended before.
type tickets struct{ left *atomic.Int64 }

func newTickets(n int) tickets {
	t := tickets{left: new(atomic.Int64)}
	t.left.Store(int64(n))
	return t
}

func (t tickets) take() bool {
	for {
		n := t.left.Load()
		if n <= 0 {
			return false
		}
		if t.left.CompareAndSwap(n, n-1) {
			return true
		}
	}
}

func (t tickets) giveBack() { t.left.Add(1) }
