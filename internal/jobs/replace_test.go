package jobs_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"postfleet/internal/jobs"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func TestReplaceFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := jobs.ReplaceFile(path, text("one")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := jobs.ReplaceFile(path, text("two")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, path); got != "two" || info.Mode().Perm() != 0o640 {
		t.Errorf("got %q with mode %v, want %q with 0640", got, info.Mode().Perm(), "two")
	}
	onlyFile(t, path)
}

func TestReplaceFileThatFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := jobs.ReplaceFile(path, text("one")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := jobs.ReplaceFile(path, func(w io.Writer) error { return errors.Join(text("half")(w), broken) })
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want what write returned", err)
	}
	if got := readFile(t, path); got != "one" {
		t.Errorf("got %q, want what was there", got)
	}
	onlyFile(t, path)
}

func TestReplaceFileBehindALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target.csv"), filepath.Join(t.TempDir(), "link.csv")
	if err := os.WriteFile(target, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := jobs.ReplaceFile(link, text("two")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.Readlink(link); err != nil || got != target {
		t.Errorf("got link to %q, %v; want it to stay", got, err)
	}
	if got := readFile(t, target); got != "two" {
		t.Errorf("got %q, want %q", got, "two")
	}
}
