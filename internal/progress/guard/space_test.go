package guard_test

import (
	"path/filepath"
	"strings"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/progress/guard"
)

func TestRoomToStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := guard.RoomToStart(dir); err != nil {
		t.Errorf("got %v, want a temporary directory to have room", err)
	}
	missing := filepath.Join(dir, "missing")
	if err := guard.RoomToStart(missing); !fault.Is(err, fault.Infra) || !strings.Contains(err.Error(), missing) {
		t.Errorf("got %v of class %q, want infra", err, fault.Of(err))
	}
}

func TestSpace(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	for _, c := range []struct {
		name  string
		check func(string, uint64) error
		free  uint64
		want  fault.Class
		text  string
	}{
		{"start with enough", guard.EnoughToStart, 64 * mib, fault.Unclassified, ""},
		{"start with less", guard.EnoughToStart, 64*mib - 1, fault.Input, "/d has 64MiB left"},
		{"start with little", guard.EnoughToStart, 12 * mib, fault.Input, "12MiB left, and no fleet is begun"},
		{"claim with enough", guard.EnoughToClaim, 16 * mib, fault.Unclassified, ""},
		{"claim with less", guard.EnoughToClaim, 15 * mib, fault.Infra, "15MiB left, and no job is begun"},
		{"claim with nothing", guard.EnoughToClaim, 0, fault.Infra, "/d has 0B left"},
	} {
		err := c.check("/d", c.free)
		if fault.Of(err) != c.want || (err == nil) != (c.want == fault.Unclassified) {
			t.Errorf("%s: got %v of class %q, want %q", c.name, err, fault.Of(err), c.want)
		}
		if err != nil && !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: got %q, want it to hold %q", c.name, err, c.text)
		}
	}
}
