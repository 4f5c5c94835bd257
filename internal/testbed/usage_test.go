package testbed_test

import (
	"os"
	"testing"

	"postfleet/internal/testbed"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	self := testbed.Process{PID: os.Getpid()}
	before, err := self.Usage()
	if err != nil {
		t.Fatal(err)
	}
	if before.Anonymous <= 0 || before.Resident < before.Anonymous || before.Threads < 1 || before.Files < 3 {
		t.Errorf("this process: got %+v", before)
	}
	const more, size = 100, 32 << 20
	for range more {
		f, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // read only
	}
	ballast := make([]byte, size)
	for i := range ballast {
		ballast[i] = 1
	}
	after, err := self.Usage()
	if err != nil {
		t.Fatal(err)
	}
	if after.Files < before.Files+more {
		t.Errorf("files after %d were opened: got %d, before %d", more, after.Files, before.Files)
	}
	if after.Anonymous < before.Anonymous+size/2 {
		t.Errorf("memory after %d bytes were taken: got %d, before %d", len(ballast), after.Anonymous, before.Anonymous)
	}
}

func TestUsageOfNone(t *testing.T) {
	t.Parallel()
	if u, err := (testbed.Process{PID: 1 << 30}).Usage(); err == nil {
		t.Errorf("a process that is not there: got %+v", u)
	}
}
