package main

import (
	"strings"
	"testing"

	"postfleet/orchestrator"
)

// Lines stand whole above the bar, which is drawn again below them.
func TestScreen(t *testing.T) {
	t.Parallel()
	var out buffer
	s := newScreen(&out, 4)
	s.set(orchestrator.Counts{Total: 4, Pending: 2, Claimed: 1, Success: 1})
	if _, err := s.Write([]byte("a line\n")); err != nil {
		t.Fatal(err)
	}
	s.set(orchestrator.Counts{Total: 4, Claimed: 2, Success: 1, Fail: 1})
	s.end()
	got := out.String()
	for _, want := range []string{"1 running, 0 failed", "a line\n", "2 running, 1 failed", "2/4"} {
		i := strings.Index(got, want)
		if i < 0 {
			t.Fatalf("got %q, want it to hold %q after what came before", out.String(), want)
		}
		got = got[i:]
	}
	if !strings.HasSuffix(got, "\r") && !strings.HasSuffix(got, "\x1b[2K\r") {
		t.Errorf("got %q at the end, want the bar cleared", got)
	}
}
