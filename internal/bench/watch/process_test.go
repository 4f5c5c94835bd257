package main

import (
	"os"
	"testing"
	"time"
)

func TestProcessorTime(t *testing.T) {
	t.Parallel()
	const behind = " S 1 2 3 0 -1 4194560 100 0 0 0 150 25 7 8 20 0 9 0 100 200 300"
	for stat, want := range map[string]time.Duration{
		"4711 (orchestrator)" + behind:     1750 * time.Millisecond,
		"4711 (a b) c) 1 2 3 (x)" + behind: 1750 * time.Millisecond,
	} {
		got, err := processorTime([]byte(stat))
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", stat, got, err, want)
		}
	}
	for _, stat := range []string{"", "4711 (orchestrator) S 1 2", "4711 (o) S 1 2 3 0 -1 4 1 0 0 0 many 25 7"} {
		if got, err := processorTime([]byte(stat)); err == nil {
			t.Errorf("%q: got %s, want an error", stat, got)
		}
	}
}

func TestKilobytes(t *testing.T) {
	t.Parallel()
	status := []byte("Name:\tVmRSS: 1\nVmHWM:\t   30 kB\nVmRSS:\t   20 kB\nThreads:\t9\n")
	for name, want := range map[string]int64{"VmRSS": 20 << 10, "VmHWM": 30 << 10, "VmSwap": 0, "Threads": 0} {
		if got := kilobytes(status, name); got != want {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
}

func TestLookAtOurselves(t *testing.T) {
	t.Parallel()
	got, err := look(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if got.rss < 1<<20 || got.peak < got.rss {
		t.Errorf("got %+v, want a megabyte at least, and a peak above it", got)
	}
	if _, err := look(1 << 30); err == nil {
		t.Error("got no error for a process that is not there")
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	if got := (idle{span: 10 * time.Second, cpu: 200 * time.Millisecond}).share(); got != 2 {
		t.Errorf("got %g, want 2", got)
	}
}
