package disk_test

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/disk/crashdisk"
)

// TestDir holds both implementations to what a ledger may rely on.
func TestDir(t *testing.T) {
	t.Parallel()
	implementations := map[string]func(*testing.T) disk.Dir{
		"os":        func(t *testing.T) disk.Dir { t.Helper(); return openDir(t, t.TempDir()) },
		"crashdisk": func(*testing.T) disk.Dir { return crashdisk.New() },
	}
	tests := map[string]func(*testing.T, disk.Dir){
		"a write goes where it is told":        writes,
		"others see a write at once":           shared,
		"a file is made once":                  createsOnce,
		"what is not there is said so":         absent,
		"a name is a name in the directory":    names,
		"a replaced file stays for who has it": replaces,
		"a removed file stays for who has it":  removes,
		"a closed file does nothing":           closed,
		"flushing what is there":               flushes,
	}
	for implementation, open := range implementations {
		for name, test := range tests {
			t.Run(implementation+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(t, open(t))
			})
		}
	}
}

func writes(t *testing.T, d disk.Dir) {
	t.Helper()
	f := create(t, d, "a", "hello")
	write(t, f, "J", 0)
	write(t, f, "far", 8)
	if got, want := content(t, f), "Jello\x00\x00\x00far"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n, err := f.WriteAt(nil, 100); n != 0 || err != nil {
		t.Errorf("writing nothing: got %d, %v", n, err)
	}
	p := make([]byte, 8)
	if n, err := f.ReadAt(p, 8); n != 3 || !errors.Is(err, io.EOF) {
		t.Errorf("reading past the end: got %d, %v, want 3, EOF", n, err)
	}
	if n, err := f.ReadAt(p, 11); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("reading at the end: got %d, %v, want 0, EOF", n, err)
	}
	if n, err := f.ReadAt(nil, 11); n != 0 || err != nil {
		t.Errorf("reading nothing: got %d, %v", n, err)
	}
}

func shared(t *testing.T, d disk.Dir) {
	t.Helper()
	f := create(t, d, "a", "one")
	g := open(t, d, "a")
	write(t, f, " two", 3)
	if got, want := content(t, g), "one two"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if id(t, f) != id(t, g) {
		t.Error("two openings of one file: two ids")
	}
}

func createsOnce(t *testing.T, d disk.Dir) {
	t.Helper()
	create(t, d, "a", "first")
	if _, err := d.Create("a"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want fs.ErrExist", err)
	}
	if got := content(t, open(t, d, "a")); got != "first" {
		t.Errorf("the file that was there: got %q", got)
	}
}

func absent(t *testing.T, d disk.Dir) {
	t.Helper()
	_, openErr := d.Open("gone")
	_, idErr := d.ID("gone")
	for op, err := range map[string]error{
		"open": openErr, "id": idErr, "remove": d.Remove("gone"), "replace": d.Replace("gone", "new"),
	} {
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "gone") {
			t.Errorf("%s: got %v, want fs.ErrNotExist and the name", op, err)
		}
	}
}

func names(t *testing.T, d disk.Dir) {
	t.Helper()
	for _, name := range []string{"", ".", "..", "../a", "a/b", "/a"} {
		if f, err := d.Create(name); err == nil {
			t.Errorf("made %q", name)
			_ = f.Close()
		}
	}
	for _, name := range []string{"b", "a", ".c"} {
		create(t, d, name, "")
	}
	got, err := d.Names()
	if diff := cmp.Diff([]string{".c", "a", "b"}, got); err != nil || diff != "" {
		t.Errorf("names: %v, -want +got:\n%s", err, diff)
	}
}

func replaces(t *testing.T, d disk.Dir) {
	t.Helper()
	before := create(t, d, "a", "old")
	after := create(t, d, "tmp", "new")
	if err := d.Replace("tmp", "a"); err != nil {
		t.Fatal(err)
	}
	if got := content(t, open(t, d, "a")); got != "new" {
		t.Errorf("the name leads to %q", got)
	}
	write(t, before, "er", 3)
	if got := content(t, before); got != "older" {
		t.Errorf("the replaced file: got %q", got)
	}
	now, err := d.ID("a")
	if err != nil || now != id(t, after) || now == id(t, before) {
		t.Errorf("id of the name: %d, %v; it was %d, and is %d", now, err, id(t, before), id(t, after))
	}
	if got, err := d.Names(); err != nil || !cmp.Equal(got, []string{"a"}) {
		t.Errorf("names: got %v, %v, want a", got, err)
	}
}

func removes(t *testing.T, d disk.Dir) {
	t.Helper()
	f := create(t, d, "a", "kept")
	if err := d.Remove("a"); err != nil {
		t.Fatal(err)
	}
	g := create(t, d, "a", "anew")
	if content(t, f) != "kept" || content(t, g) != "anew" || id(t, f) == id(t, g) {
		t.Errorf("the removed file %q (%d), the new one %q (%d)", content(t, f), id(t, f), content(t, g), id(t, g))
	}
}

func closed(t *testing.T, d disk.Dir) {
	t.Helper()
	create(t, d, "a", "text")
	f, err := d.Open("a")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	_, readErr := f.ReadAt(make([]byte, 1), 0)
	_, writeErr := f.WriteAt([]byte{1}, 0)
	_, sizeErr := f.Size()
	for op, err := range map[string]error{"read": readErr, "write": writeErr, "size": sizeErr, "close": f.Close()} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%s: got %v, want fs.ErrClosed", op, err)
		}
	}
	if err := f.Sync(); !errors.Is(err, disk.ErrSync) {
		t.Errorf("sync: got %v, want ErrSync", err)
	}
}

func flushes(t *testing.T, d disk.Dir) {
	t.Helper()
	f := create(t, d, "a", "text")
	if err := errors.Join(f.Sync(), d.Sync(), f.Sync(), d.Sync()); err != nil {
		t.Error(err)
	}
	if free, err := d.Free(); err != nil || free == 0 {
		t.Errorf("free: got %d, %v", free, err)
	}
}

func create(t *testing.T, d disk.Dir, name, text string) disk.File {
	t.Helper()
	f, err := d.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	write(t, f, text, 0)
	return f
}

func open(t *testing.T, d disk.Dir, name string) disk.File {
	t.Helper()
	f, err := d.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func write(t *testing.T, f disk.File, text string, off int64) {
	t.Helper()
	if n, err := f.WriteAt([]byte(text), off); n != len(text) || err != nil {
		t.Fatalf("wrote %d of %d bytes: %v", n, len(text), err)
	}
}

func content(t *testing.T, f disk.File) string {
	t.Helper()
	size, err := f.Size()
	if err != nil {
		t.Fatal(err)
	}
	p := make([]byte, size)
	if n, err := f.ReadAt(p, 0); n != len(p) {
		t.Fatalf("read %d of %d bytes: %v", n, size, err)
	}
	return string(p)
}

func id(t *testing.T, f disk.File) uint64 {
	t.Helper()
	n, err := f.ID()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
