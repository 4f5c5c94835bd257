package book_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	_ "time/tzdata" // for a zone whose days are odd, on any machine
)

var seedFlag = flag.Uint64("book.seed", 0, "play the random histories of this seed only")

// dice decides at random.
type dice struct{ *rand.Rand }

func (d dice) upTo(n int) int { return d.IntN(n) }

// TestHistory holds a book to the model through random histories. A failure's
// name has the seed: -book.seed plays them again.
func TestHistory(t *testing.T) {
	t.Parallel()
	seeds := []uint64{1, 2, 3, rand.Uint64()}
	if *seedFlag != 0 {
		seeds = []uint64{*seedFlag}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			for n, h := range []struct {
				size
				steps int
			}{
				{size{1, 1, 2}, 200},
				{size{12, 1, 3}, 1000},
				{size{30, 5, 12}, 2000},
				{size{40, 40, 4}, 1000},
				{size{200, 9, 8}, 1000},
				{size{4200, 70, 3}, 40},
			} {
				newHistory(t, dice{rand.New(rand.NewPCG(seed, uint64(n)))}, h.size).run(h.steps)
			}
		})
	}
}

// FuzzPick plays histories of which each byte decides something.
func FuzzPick(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, script []byte) {
		d := &reader{script: script}
		s := size{rows: 1 + d.upTo(12), accounts: 1 + d.upTo(4), terms: 1 + d.upTo(3)}
		h := newHistory(t, d, s)
		for len(d.script) > 0 {
			h.run(1)
		}
	})
}

// reader decides by what is written, and then always for the first choice.
type reader struct{ script []byte }

func (r *reader) upTo(n int) int {
	if len(r.script) == 0 {
		return 0
	}
	c := int(r.script[0]) % n
	r.script = r.script[1:]
	return c
}
