package ledgerproof

import (
	"context"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain makes the test binary the worker processes of its tests too.
func TestMain(m *testing.M) {
	ran, err := Child(context.Background())
	if !ran && err == nil {
		ran, err = playerChild(context.Background())
	}
	switch {
	case err != nil:
		panic(err)
	case ran:
		return
	}
	inMemory()
	goleak.VerifyTestMain(m)
}

// inMemory puts the tests' directories where a flush costs nothing. A kill of
// a process takes nothing from what the kernel was given; that the ledger asks
// the disk in time is proved elsewhere, and the long form runs on a real one.
func inMemory() {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		if err := os.Setenv("TMPDIR", shm); err != nil {
			panic(err)
		}
	}
}
