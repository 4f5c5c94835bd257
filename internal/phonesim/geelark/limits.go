package geelark

import (
	"sync"
	"time"
)

// limiter counts the calls of each API and refuses those that are too many:
//
//	more than PerMinute in a minute of the clock     40007, until the next minute
//	more than PerHour in an hour of the clock        40014, for LockTime
//	more than LockAfter refused with 40007 a minute  47002, for LockTime
//
// It is safe for concurrent use.
type limiter struct {
	limits Limits

	mu   sync.Mutex
	apis map[string]*usage
}

// Usage tells how often one API was called.
type Usage struct {
	// Calls counts all of them, Refused those that were too many.
	Calls   int `json:"calls"`
	Refused int `json:"refused"`
	// MaxPerMinute and MaxPerHour are the most calls, refused ones too, in any
	// 60 seconds and in any hour of the clock.
	MaxPerMinute int `json:"max_per_minute"`
	MaxPerHour   int `json:"max_per_hour"`
	// LockedUntil is set once the API was locked, to LockCode.
	LockedUntil *time.Time `json:"locked_until"`
	LockCode    int        `json:"lock_code"`
}

type usage struct {
	Usage
	minute, hour  window
	refusedMinute int
	attemptsHour  window
	recent        []time.Time // the calls of the last 60 s
}

// window counts within a stretch of the clock.
type window struct {
	start time.Time
	count int
}

// at empties the window when now is in another stretch of length d.
func (w *window) at(now time.Time, d time.Duration) bool {
	start := now.Truncate(d)
	if start.Equal(w.start) {
		return false
	}
	*w = window{start: start}
	return true
}

func newLimiter(limits Limits) *limiter { return &limiter{limits: limits, apis: map[string]*usage{}} }

// allow counts a call and says what is wrong with it, if anything is.
func (l *limiter) allow(api string, now time.Time) code {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.apis[api]
	if u == nil {
		u = &usage{}
		l.apis[api] = u
	}
	u.note(now)
	c := u.judge(l.limits, now)
	if c != codeOK {
		u.Refused++
	}
	return c
}

// note counts an attempt.
func (u *usage) note(now time.Time) {
	u.Calls++
	u.attemptsHour.at(now, time.Hour)
	u.attemptsHour.count++
	u.MaxPerHour = max(u.MaxPerHour, u.attemptsHour.count)
	old := 0
	for old < len(u.recent) && now.Sub(u.recent[old]) >= time.Minute {
		old++
	}
	u.recent = append(u.recent[old:], now)
	u.MaxPerMinute = max(u.MaxPerMinute, len(u.recent))
}

func (u *usage) judge(limits Limits, now time.Time) code {
	if u.LockedUntil != nil && now.Before(*u.LockedUntil) {
		return code(u.LockCode)
	}
	if u.minute.at(now, time.Minute) {
		u.refusedMinute = 0
	}
	u.hour.at(now, time.Hour)
	switch {
	case u.hour.count >= limits.PerHour:
		return u.lock(codeHourLocked, now.Add(limits.LockTime))
	case u.minute.count < limits.PerMinute:
		u.minute.count++
		u.hour.count++
		return codeOK
	}
	u.refusedMinute++
	if u.refusedMinute > limits.LockAfter {
		return u.lock(codeLocked, now.Add(limits.LockTime))
	}
	return codeRateLimited
}

func (u *usage) lock(c code, until time.Time) code {
	u.LockedUntil, u.LockCode = &until, int(c)
	return c
}

// report tells the usage of each API that was called.
func (l *limiter) report() map[string]Usage {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make(map[string]Usage, len(l.apis))
	for api, u := range l.apis {
		all[api] = u.Usage
	}
	return all
}
