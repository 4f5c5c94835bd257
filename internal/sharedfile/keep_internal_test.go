package sharedfile

import (
	"path/filepath"
	"testing"
)

// What is on the disk is done, whether it can be looked at again or not: who is
// told otherwise does it twice.
func TestChangeIsDone(t *testing.T) {
	t.Parallel()
	f := New(filepath.Join(t.TempDir(), "doc"), JSON(), Rules[int]{CloneFunc: func(n *int) int { return *n }})
	add := func(n *int) (bool, error) { *n++; return true, nil }
	if err := f.Change(t.Context(), add); err != nil {
		t.Fatal(err)
	}
	if err := f.seen.file.Close(); err != nil { // it cannot be closed again
		t.Fatal(err)
	}
	if err := f.Change(t.Context(), add); err != nil {
		t.Errorf("got %v", err)
	}
	if n, err := f.View(); err != nil || *n != 2 {
		t.Errorf("got %d, %v", *n, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
