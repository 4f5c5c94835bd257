package book

import (
	"math"
	"slices"
	"time"

	"postfleet/internal/progress"
)

// scope is what makes one queue unlike another: the terms, without what has no
// part in them, and where there is a cap the day that it is for. A day has a
// queue of its own because callers that ask about midnight may ask for the one
// and the other in turn.
type scope struct {
	only, reserved []string
	cap            int32
	zone           *time.Location
	day            date
}

// date is a day of the calendar.
type date struct {
	year  int
	month time.Month
	day   int
}

func scopeOf(terms progress.Terms, now time.Time) scope {
	s := scope{only: terms.Only}
	if len(s.only) == 0 {
		s.reserved = terms.Reserved
	}
	if terms.DailyCap > 0 {
		s.cap, s.zone = int32(min(terms.DailyCap, math.MaxInt32)), terms.Location
		if s.zone == nil {
			s.zone = time.UTC
		}
		s.day = dateIn(s.zone, now)
	}
	return s
}

func dateIn(zone *time.Location, t time.Time) date {
	var d date
	d.year, d.month, d.day = t.In(zone).Date()
	return d
}

func (s *scope) isToday(t time.Time) bool { return dateIn(s.zone, t) == s.day }

func (s *scope) equal(o *scope) bool { return s.day == o.day && s.sameTerms(o) }

func (s *scope) sameTerms(o *scope) bool {
	return s.cap == o.cap && s.zone == o.zone &&
		slices.Equal(s.only, o.only) && slices.Equal(s.reserved, o.reserved)
}

// own makes the scope independent of the caller's slices.
func (s *scope) own() {
	s.only, s.reserved = slices.Clone(s.only), slices.Clone(s.reserved)
}
