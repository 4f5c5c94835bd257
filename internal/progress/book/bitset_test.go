package book

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestBitset(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 63, 64, 65, 4096, 4097, 300_000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			s := newBitset(size)
			var want []int
			for i := range size {
				if i == size-1 || i%64 == 63 || rand.IntN(100) == 0 {
					s.add(i)
					s.add(i) // once more is as once
					want = append(want, i)
				}
			}
			if got := members(s); !slices.Equal(got, want) {
				t.Errorf("after add: got %v, want %v", got, want)
			}
			for i := range size {
				if i%3 != 0 {
					s.remove(i)
				}
			}
			want = slices.DeleteFunc(want, func(i int) bool { return i%3 != 0 })
			if got := members(s); !slices.Equal(got, want) {
				t.Errorf("after remove: got %v, want %v", got, want)
			}
			for i := range size {
				s.remove(i)
			}
			if got := s.next(0); got != -1 {
				t.Errorf("next in an empty set: got %d, want -1", got)
			}
		})
	}
}

func TestBitsetNextPastTheEnd(t *testing.T) {
	t.Parallel()
	s := newBitset(64)
	s.add(63)
	for _, i := range []int{64, 65, 1 << 20} {
		if got := s.next(i); got != -1 {
			t.Errorf("next(%d): got %d, want -1", i, got)
		}
	}
}

func members(s bitset) []int {
	var all []int
	for i := s.next(0); i >= 0; i = s.next(i + 1) {
		all = append(all, i)
	}
	return all
}
