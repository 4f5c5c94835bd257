package adb_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/adb"
	"postfleet/internal/adb/adbtest"
)

func TestRemoveForward(t *testing.T) {
	t.Parallel()
	list := phone + " tcp:8200 tcp:6790\nother tcp:8300 tcp:6790\n\n"
	remove := "-s " + phone + " forward --remove tcp:8200"
	for _, tc := range []struct {
		name   string
		stderr string
		want   error
	}{
		{name: "there"},
		{name: "gone by then", stderr: "adb: error: listener 'tcp:8200' not found\n"},
		{name: "gone with its phone", stderr: "adb: error: device '" + phone + "' not found\n"},
		{name: "no server", stderr: "adb: cannot connect to daemon\n", want: adb.ErrNoServer},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, calls := client(t, adbtest.Script{
				"forward --list": {{Stdout: list}},
				remove:           {{Stderr: tc.stderr, Code: min(1, len(tc.stderr))}},
			})
			if err := c.RemoveForward(t.Context(), 8200); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if diff := cmp.Diff([]string{"forward --list", remove}, calls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("not forwarded", func(t *testing.T) {
		t.Parallel()
		c, calls := client(t, adbtest.Script{"forward --list": {{Stdout: list}}})
		if err := c.RemoveForward(t.Context(), 8400); err != nil || len(calls()) != 1 {
			t.Errorf("got %v after %q", err, calls())
		}
	})
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		c, calls := client(t, adbtest.Script{
			"forward --list": {{Stdout: list}}, remove: {{}}, "-s other forward --remove tcp:8300": {{}},
		})
		if err := c.RemoveForwards(t.Context()); err != nil || len(calls()) != 3 {
			t.Errorf("got %v after %q", err, calls())
		}
	})
}
