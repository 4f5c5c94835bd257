package lifetest

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// envLife makes this program a worker's process, with that life.
const envLife = "POSTFLEET_LIFETEST_LIFE"

// TestMain is also the whole program of a worker that is to die, which should
// not get to its end.
func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(envLife); ok {
		if err := doomed(context.Background(), text); err != nil {
			panic(err)
		}
		return
	}
	// Where a flush costs nothing: no power is cut here.
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		if err := os.Setenv("TMPDIR", shm); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

func doomed(ctx context.Context, text string) error {
	var l life
	err := json.Unmarshal([]byte(text), &l)
	if err == nil {
		l.phone, err = dial(ctx, l.Socket)
	}
	if err != nil {
		return err
	}
	return l.live(ctx)
}
