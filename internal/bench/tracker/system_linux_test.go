package main

import (
	"testing"
	"time"
)

func TestBusyTime(t *testing.T) {
	t.Parallel()
	got, err := busyTime([]byte("cpu  10 20 30 1000 2000 1 2 3 500 600\ncpu0 1 2 3 4 5 6 7 8 9 10\n"))
	if want := 660 * time.Millisecond; err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if _, err := busyTime([]byte("cpu 1 2\n")); err == nil {
		t.Error("a short line: got no error")
	}
}
