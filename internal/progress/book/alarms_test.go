package book

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestAlarms(t *testing.T) {
	t.Parallel()
	for _, latest := range []bool{false, true} {
		h := alarms{slot: make([]int32, 500), latest: latest}
		all := make([]alarm, 500)
		for i := range all {
			all[i] = alarm{sec: rand.Int64N(50), nsec: rand.Int32N(3), row: int32(i)}
			h.push(all[i])
		}
		for _, i := range rand.Perm(500)[:200] {
			h.remove(int32(i))
			all[i].row = -1
		}
		want := slices.DeleteFunc(all, func(a alarm) bool { return a.row < 0 })
		slices.SortFunc(want, func(a, b alarm) int {
			if latest {
				a, b = b, a
			}
			return cmp.Or(cmp.Compare(a.sec, b.sec), cmp.Compare(a.nsec, b.nsec))
		})
		for n, w := range want {
			got := h.heap[0]
			if got.sec != w.sec || got.nsec != w.nsec {
				t.Fatalf("latest=%t: %dth: got %+v, want the time of %+v", latest, n, got, w)
			}
			h.remove(got.row)
		}
		if len(h.heap) != 0 {
			t.Errorf("latest=%t: got %d left, want none", latest, len(h.heap))
		}
	}
}
