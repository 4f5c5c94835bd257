package budget

import (
	"slices"
	"time"
)

// ledger is the file.
type ledger struct {
	// NotBefore is when the first request may be sent at all, after the file was
	// found damaged.
	NotBefore time.Time `json:"not_before,omitzero"`
	// APIs are the accounts by the API's path.
	APIs map[string]*account `json:"apis,omitempty"`
}

// account is what was asked of one API.
type account struct {
	// Entered are the requests that still count, oldest first, in milliseconds
	// since 1970.
	Entered []int64 `json:"entered,omitempty"`
	// ShutUntil is when the service's lock ends, if there is one, and Code why.
	ShutUntil time.Time `json:"shut_until,omitzero"`
	Code      int       `json:"code,omitempty"`
}

// take enters a request, or says how long to wait before asking again, or that
// the API is locked. The clock may have been set back since the file was
// written: what it puts too far into the future is brought back, once.
func (l *ledger) take(api string, now time.Time, limit int, window time.Duration) (wait time.Duration, err error) {
	l.NotBefore = earlier(l.NotBefore, now.Add(window))
	a := l.account(api)
	a.settle(now, window)
	switch {
	case a.ShutUntil.After(now):
		return 0, &ShutError{API: api, Code: a.Code, For: a.ShutUntil.Sub(now)}
	case l.NotBefore.After(now):
		return l.NotBefore.Sub(now), nil
	case len(a.Entered) >= limit:
		oldest := a.Entered[len(a.Entered)-limit]
		return time.UnixMilli(oldest).Add(window).Sub(now), nil
	}
	l.NotBefore = time.Time{}
	a.Entered = append(a.Entered, stamp(now))
	return 0, nil
}

// isAhead reports whether the file was written by a clock that is ahead of now.
func (l *ledger) isAhead(api string, now time.Time, window time.Duration) bool {
	a := l.account(api)
	return l.NotBefore.After(now.Add(window)) || a.ShutUntil.After(now.Add(LongestLock)) ||
		slices.ContainsFunc(a.Entered, func(at int64) bool { return at > stamp(now) })
}

// shut locks an API and reports whether that is news.
func (l *ledger) shut(api string, code int, now time.Time, d time.Duration) bool {
	a := l.account(api)
	until := now.Add(d).UTC()
	if !until.After(a.ShutUntil) {
		return false
	}
	a.ShutUntil, a.Code = until, code
	return true
}

func (l *ledger) account(api string) *account {
	if l.APIs == nil {
		l.APIs = make(map[string]*account)
	}
	if l.APIs[api] == nil {
		l.APIs[api] = &account{}
	}
	return l.APIs[api]
}

// settle forgets what does not count any more. What lies in the future was
// entered before somebody set the clock back: it counts from now on.
func (a *account) settle(now time.Time, window time.Duration) {
	kept := a.Entered[:0]
	for _, at := range a.Entered {
		at = min(at, stamp(now))
		if time.UnixMilli(at).Add(window).After(now) {
			kept = append(kept, at)
		}
	}
	a.Entered = kept
	a.ShutUntil = earlier(a.ShutUntil, now.Add(LongestLock))
	if !a.ShutUntil.After(now) {
		a.ShutUntil, a.Code = time.Time{}, 0
	}
}

// stamp rounds up: an entry must not count for less than its time.
func stamp(now time.Time) int64 { return now.UnixMilli() + 1 }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
