package process_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postfleet/internal/process"
)

// lines collects a child's output and can be waited on.
type lines struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{}
}

func newLines() *lines { return &lines{changed: make(chan struct{}, 1)} }

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// await waits for a line of the output that is want.
func (l *lines) await(t *testing.T, want string) {
	t.Helper()
	l.find(t, func(line string) bool { return line == want })
}

// number waits for a line of the given form and returns the number in it.
func (l *lines) number(t *testing.T, form string) (n int) {
	t.Helper()
	l.find(t, func(line string) bool {
		_, err := fmt.Sscanf(line, form, &n)
		return err == nil
	})
	return n
}

func (l *lines) find(t *testing.T, match func(string) bool) {
	t.Helper()
	timeout := time.After(20 * time.Second)
	for !slices.ContainsFunc(strings.Split(l.String(), "\n"), match) {
		select {
		case <-l.changed:
		case <-timeout:
			t.Fatalf("got output %q, and not the line waited for", l)
		}
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		writes []string
		want   string
	}{
		{name: "nothing", want: ""},
		{name: "all of it", writes: []string{"ab", "\ncd"}, want: "ab\ncd"},
		{name: "whole lines when cut", writes: []string{"first line\n", "second\n"}, want: "second\n"},
		{name: "a line longer than all", writes: []string{"0123456789abcdefgh"}, want: "6789abcdefgh"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tail := process.NewTail(12)
			for _, w := range tc.writes {
				if n, err := tail.Write([]byte(w)); n != len(w) || err != nil {
					t.Fatalf("write: %d, %v", n, err)
				}
			}
			if got := tail.String(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
