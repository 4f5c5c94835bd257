// Package permit makes the right to do something that cannot be undone: once,
// and only after a commit. It is a package of its own so that nobody else can
// make one: the zero Permit permits nothing, and After is the only other.
package permit

import (
	"context"
	"sync/atomic"
)

// Permit is the right to act once. Copies share it. It is safe for concurrent
// use.
type Permit struct{ left *atomic.Bool }

// After commits, and returns the right that follows from it. Errors are the
// commit's; there is no right then.
func After(ctx context.Context, commit func(context.Context) error) (Permit, error) {
	if err := commit(ctx); err != nil {
		return Permit{}, err
	}
	left := &atomic.Bool{}
	left.Store(true)
	return Permit{left: left}, nil
}

// Use reports whether the right is there, and uses it up.
func (p Permit) Use() bool { return p.left != nil && p.left.CompareAndSwap(true, false) }
