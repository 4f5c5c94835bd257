package crashdisk_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/disk/crashdisk"
)

const block = 4096

func TestCrashKeepsWhatWasFlushed(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	f := flushed(t, d, "a", "one")
	write(t, f, "two", 3)
	create(t, d, "b", "unflushed")
	if err := d.Replace("b", "c"); err != nil {
		t.Fatal(err)
	}
	for percent, want := range map[int]map[string]string{
		0:   {"a": "one"},
		100: {"a": "onetwo", "c": "unflushed"},
	} {
		if diff := cmp.Diff(want, files(t, d.Crash(seed(1), percent))); diff != "" {
			t.Errorf("at %d %%: -want +got:\n%s", percent, diff)
		}
	}
	if diff := cmp.Diff(map[string]string{"a": "onetwo", "c": "unflushed"}, files(t, d)); diff != "" {
		t.Errorf("those that go on: -want +got:\n%s", diff)
	}
}

func TestCrashUndoesNames(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(d *crashdisk.Dir) error{
		"replace": func(d *crashdisk.Dir) error { return d.Replace("tmp", "a") },
		"rename":  func(d *crashdisk.Dir) error { return d.Replace("a", "other") },
		"remove":  func(d *crashdisk.Dir) error { return d.Remove("a") },
		"create":  func(d *crashdisk.Dir) error { _, err := d.Create("b"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := crashdisk.New()
			flushed(t, d, "a", "old")
			flushed(t, d, "tmp", "new")
			before := files(t, d)
			if err := change(d); err != nil {
				t.Fatal(err)
			}
			after := files(t, d)
			if diff := cmp.Diff(before, files(t, d.Crash(nil, 0))); diff != "" {
				t.Errorf("undone: -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(after, files(t, d.Crash(seed(1), 100))); diff != "" {
				t.Errorf("done: -want +got:\n%s", diff)
			}
			if err := d.Sync(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(after, files(t, d.Crash(nil, 0))); diff != "" {
				t.Errorf("flushed: -want +got:\n%s", diff)
			}
		})
	}
}

// A rename without the flush before it is the bug that this package is to find.
func TestCrashFindsTheRenameWithoutAFlush(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	flushed(t, d, "a", "old")
	create(t, d, "tmp", "new")
	if err := errors.Join(d.Replace("tmp", "a"), d.Sync()); err != nil {
		t.Fatal(err)
	}
	if got := files(t, d.Crash(nil, 0))["a"]; got != "" {
		t.Errorf("got %q, want nothing left", got)
	}
}

func TestCrashOfAReplaceLeavesTheOneOrTheOther(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	flushed(t, d, "a", "old")
	f := create(t, d, "tmp", "new")
	if err := errors.Join(f.Sync(), d.Replace("tmp", "a")); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for n := range uint64(200) {
		seen[files(t, d.Crash(seed(n), 50))["a"]]++
	}
	if seen["old"] == 0 || seen["new"] == 0 || len(seen) != 2 {
		t.Errorf("got %v, want some of old and new, and nothing else", seen)
	}
}

func TestCrashLosesBlocksAndKeepsLengths(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	f := flushed(t, d, "a", "")
	text := strings.Repeat("x", 3*block)
	write(t, f, text, 0)
	var hole, short, zeroTail int
	for n := range uint64(200) {
		got := []byte(files(t, d.Crash(seed(n), 50))["a"])
		for i, b := range got {
			if b != 0 && b != 'x' || b != got[i/block*block] {
				t.Fatalf("seed %d: byte %d is %q", n, i, b)
			}
		}
		if len(got) < len(text) {
			short++
		} else if got[len(got)-1] == 0 {
			zeroTail++
		}
		if len(got) > block && got[0] == 0 && bytes.Contains(got, []byte("x")) {
			hole++
		}
	}
	if hole == 0 || short == 0 || zeroTail == 0 {
		t.Errorf("of 200 crashes %d left a hole, %d a short file, %d zeros at the end", hole, short, zeroTail)
	}
}

func TestCrashIsRepeatedByItsSeed(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		f := flushed(t, d, name, "")
		write(t, f, strings.Repeat(name, 5*block), 0)
		create(t, d, name+"2", "text")
	}
	want := files(t, d.Crash(seed(7), 50))
	for range 20 {
		if got := files(t, d.Crash(seed(7), 50)); !cmp.Equal(want, got) {
			t.Fatal("the same seed, another crash")
		}
	}
}

// TestCrashOfACrash: whatever a crash left is on the disk.
func TestCrashOfACrash(t *testing.T) {
	t.Parallel()
	d := crashdisk.New()
	f := create(t, d, "a", "text")
	c := d.Crash(seed(1), 100)
	again := c.Crash(nil, 0)
	if diff := cmp.Diff(map[string]string{"a": "text"}, files(t, again)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	write(t, f, "more", 4)
	if got := files(t, c)["a"]; got != "text" {
		t.Errorf("the clone sees a later write: %q", got)
	}
}

func flushed(t *testing.T, d *crashdisk.Dir, name, text string) disk.File {
	t.Helper()
	f := create(t, d, name, text)
	if err := errors.Join(f.Sync(), d.Sync()); err != nil {
		t.Fatal(err)
	}
	return f
}

func create(t *testing.T, d *crashdisk.Dir, name, text string) disk.File {
	t.Helper()
	f, err := d.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, f, text, 0)
	return f
}

func write(t *testing.T, f disk.File, text string, off int64) {
	t.Helper()
	if _, err := f.WriteAt([]byte(text), off); err != nil {
		t.Fatal(err)
	}
}

// files returns all that is in d.
func files(t *testing.T, d *crashdisk.Dir) map[string]string {
	t.Helper()
	names, err := d.Names()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, name := range names {
		f, err := d.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		size, err := f.Size()
		if err != nil {
			t.Fatal(err)
		}
		p := make([]byte, size)
		if n, err := f.ReadAt(p, 0); n != len(p) {
			t.Fatalf("%s: read %d of %d bytes: %v", name, n, size, err)
		}
		all[name] = string(p)
	}
	return all
}

func seed(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 0)) }
