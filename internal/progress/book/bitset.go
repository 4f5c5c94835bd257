package book

import "math/bits"

// bitset is a set of numbers below a fixed size. It finds its next member in a
// few steps, however many it may hold: a bit of each level says whether a word
// of the level below has any bit set. A million takes 130 kB and four levels.
type bitset [][]uint64

func newBitset(size int) bitset {
	var s bitset
	for {
		size = max((size+63)/64, 1)
		s = append(s, make([]uint64, size))
		if size == 1 {
			return s
		}
	}
}

func (s bitset) add(i int) {
	for _, level := range s {
		before := level[i>>6]
		level[i>>6] = before | 1<<(uint(i)&63)
		if before != 0 {
			return // the levels above know
		}
		i >>= 6
	}
}

func (s bitset) remove(i int) {
	for _, level := range s {
		level[i>>6] &^= 1 << (uint(i) & 63)
		if level[i>>6] != 0 {
			return
		}
		i >>= 6
	}
}

// next returns the first member from i on, or -1.
func (s bitset) next(i int) int {
	for l, level := range s {
		word := i >> 6
		if word >= len(level) {
			return -1
		}
		if rest := level[word] >> (uint(i) & 63); rest != 0 {
			return s.first(l, i+bits.TrailingZeros64(rest))
		}
		i = word + 1
	}
	return -1
}

// first returns the lowest member under bit i of level l, which is set.
func (s bitset) first(l, i int) int {
	for ; l > 0; l-- {
		i = i<<6 + bits.TrailingZeros64(s[l-1][i])
	}
	return i
}
