package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"postfleet/internal/progress/disk"
)

func TestOpenDirNotADirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, file + "-that-is-not-there"} {
		if d, err := disk.OpenDir(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, %v, want an error with the path", path, d, err)
		}
	}
}

// What somebody put into a directory that root opens must not lead out of it.
func TestOpenStaysInside(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := t.TempDir()
	if err := errors.Join(
		os.Symlink(outside, filepath.Join(path, "link")),
		os.Symlink(filepath.Join(path, "nowhere"), filepath.Join(path, "dangling")),
		os.Mkdir(filepath.Join(path, "sub"), 0o700),
	); err != nil {
		t.Fatal(err)
	}
	d := openDir(t, path)
	for _, name := range []string{"link", "sub"} {
		if f, err := d.Open(name); err == nil {
			t.Errorf("opened %s as %v", name, f)
		}
	}
	if _, err := d.Create("dangling"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("create over a dangling link: got %v, want fs.ErrExist", err)
	}
}

func TestDirIsFollowedWhenItMoves(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	before, after := filepath.Join(parent, "before"), filepath.Join(parent, "after")
	if err := os.Mkdir(before, 0o700); err != nil {
		t.Fatal(err)
	}
	d := openDir(t, before)
	if err := os.Rename(before, after); err != nil {
		t.Fatal(err)
	}
	create(t, d, "a", "text")
	if _, err := os.Stat(filepath.Join(after, "a")); err != nil {
		t.Error(err)
	}
}

func TestReplaceKeepsPermissions(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	d := openDir(t, path)
	create(t, d, "a", "old")
	create(t, d, "tmp", "new")
	target := filepath.Join(path, "a")
	if err := os.Chmod(target, 0o640); err != nil {
		t.Fatal(err)
	}
	const owner, group = 4711, 4712
	root := os.Geteuid() == 0
	if root {
		if err := os.Chown(target, owner, group); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Replace("tmp", "a"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(target)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode(); got != 0o640 {
		t.Errorf("mode: got %v, want 0640", got)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); root && (!ok || st.Uid != owner || st.Gid != group) {
		t.Errorf("owner: got %+v, want %d:%d", info.Sys(), owner, group)
	}
}

func TestCreateIsForTheOwnerOfTheDirectory(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	path := t.TempDir()
	const owner, group = 4711, 4712
	if err := os.Chown(path, owner, group); err != nil {
		t.Fatal(err)
	}
	create(t, openDir(t, path), "a", "")
	info, err := os.Stat(filepath.Join(path, "a"))
	if err != nil {
		t.Fatal(err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != owner || st.Gid != group {
		t.Errorf("owner: got %+v, want %d:%d", info.Sys(), owner, group)
	}
}

func TestSyncOfAClosedDirectory(t *testing.T) {
	t.Parallel()
	d, err := disk.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Sync(); !errors.Is(err, disk.ErrSync) {
		t.Errorf("got %v, want ErrSync", err)
	}
}

func openDir(t *testing.T, path string) *disk.OS {
	t.Helper()
	d, err := disk.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}
