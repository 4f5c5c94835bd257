package ledgerproof

import (
	"context"
	"flag"
	"math/rand/v2"
	"testing"
	"time"
)

var seedFlag = flag.Uint64("seed", 0, "where the kills are drawn from; 0 is a new one")

// seedOf returns the seed of a test, and prints it.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(rand.Uint32())
	}
	t.Logf("repeat with: -args -seed %d", seed)
	return seed
}

// TestKills is the short form; make kill-test is the long one.
func TestKills(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const kills = 30
	f, err := Run(ctx, Config{
		Dir: t.TempDir(), Processes: 4, Rows: kills * 3 / 2, Kills: kills, Seed: seedOf(t),
		JobTime: 20 * time.Millisecond, CallTime: 200 * time.Microsecond,
	})
	for _, p := range f.Problems {
		t.Error(p)
	}
	if err != nil {
		t.Fatal(err)
	}
	if f.Kills != kills {
		t.Errorf("got %d kills, want %d", f.Kills, kills)
	}
	if f.Claims < kills || f.StaleTries == 0 || f.Rescues == 0 || f.Reads < 2 {
		t.Errorf("got %+v, want more of everything", f)
	}
	t.Logf("%+v", f)
}
