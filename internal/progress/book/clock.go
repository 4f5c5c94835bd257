package book

import (
	"math"
	"time"
)

// clock tells which rows' times have come. It can be set back as well as
// forward, for processes do not ask in the order in which they looked at their
// clocks: so the alarms that have gone off are kept too.
type clock struct {
	now         alarm // of no row
	ahead, gone alarms
}

func newClock(rows int) clock {
	slot := make([]int32, rows) // a row's alarm is in one heap at most
	return clock{
		now:   alarm{sec: math.MinInt64},
		ahead: alarms{slot: slot},
		gone:  alarms{slot: slot, latest: true},
	}
}

// watch sets the row's alarm, and reports whether its time has come.
func (c *clock) watch(row int32, t time.Time) bool {
	if t.IsZero() {
		return true
	}
	a := alarmAt(t, row)
	due := !c.now.before(a)
	c.side(due).push(a)
	return due
}

// forget undoes watch. It must be given the same time.
func (c *clock) forget(row int32, t time.Time) {
	if !t.IsZero() {
		c.side(!c.now.before(alarmAt(t, row))).remove(row)
	}
}

// turn returns a row whose time the present setting of the clock has made come,
// or not yet come. It is to be called until there is none.
func (c *clock) turn() (row int32, due, ok bool) {
	if len(c.ahead.heap) > 0 && !c.now.before(c.ahead.heap[0]) {
		return c.move(true), true, true
	}
	if len(c.gone.heap) > 0 && c.now.before(c.gone.heap[0]) {
		return c.move(false), false, true
	}
	return 0, false, false
}

// move moves the first alarm of the other side to this one.
func (c *clock) move(due bool) int32 {
	a := c.side(!due).heap[0]
	c.side(!due).remove(a.row)
	c.side(due).push(a)
	return a.row
}

func (c *clock) side(due bool) *alarms {
	if due {
		return &c.gone
	}
	return &c.ahead
}
