package book

import "time"

// alarm is a row's time, in 16 bytes: there may be as many as rows.
type alarm struct {
	sec       int64
	nsec, row int32
}

func alarmAt(t time.Time, row int32) alarm {
	return alarm{sec: t.Unix(), nsec: int32(t.Nanosecond()), row: row}
}

func (a alarm) before(b alarm) bool {
	return a.sec < b.sec || a.sec == b.sec && a.nsec < b.nsec
}

// alarms is a heap of them that any row's can be taken out of. Its first is the
// earliest, or the latest.
type alarms struct {
	heap   []alarm
	slot   []int32 // where in heap a row's alarm is, by row
	latest bool
}

func (h *alarms) push(a alarm) {
	h.heap = append(h.heap, a)
	h.up(len(h.heap)-1, a)
}

// remove takes out the row's alarm, which must be there.
func (h *alarms) remove(row int32) {
	i, last := int(h.slot[row]), len(h.heap)-1
	moved := h.heap[last]
	h.heap = h.heap[:last]
	if i == last {
		return
	}
	h.up(h.down(i, moved), moved)
}

// ahead reports whether a comes out before b.
func (h *alarms) ahead(a, b alarm) bool {
	if h.latest {
		a, b = b, a
	}
	return a.before(b)
}

// up puts a at i or, where it is ahead of them, above.
func (h *alarms) up(i int, a alarm) {
	for i > 0 {
		parent := (i - 1) / 2
		if !h.ahead(a, h.heap[parent]) {
			break
		}
		h.put(i, h.heap[parent])
		i = parent
	}
	h.put(i, a)
}

// down makes room for a at i or, where they are ahead of it, below, and returns
// where.
func (h *alarms) down(i int, a alarm) int {
	for {
		child := 2*i + 1
		if child >= len(h.heap) {
			return i
		}
		if right := child + 1; right < len(h.heap) && h.ahead(h.heap[right], h.heap[child]) {
			child = right
		}
		if !h.ahead(h.heap[child], a) {
			return i
		}
		h.put(i, h.heap[child])
		i = child
	}
}

func (h *alarms) put(i int, a alarm) {
	h.heap[i] = a
	h.slot[a.row] = int32(i)
}
