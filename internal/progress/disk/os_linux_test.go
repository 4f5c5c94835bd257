package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"postfleet/internal/progress/disk"
)

func TestOpenOfAFileThatMayOnlyBeRead(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, "a"), []byte("text"), 0o444); err != nil {
		t.Fatal(err)
	}
	f, err := openAsNobody(openDir(t, path), "a")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if got := content(t, f); got != "text" {
		t.Errorf("read %q", got)
	}
	_, err = f.WriteAt([]byte("x"), 0)
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), filepath.Join(path, "a")) {
		t.Errorf("write: got %v, want fs.ErrPermission and the path", err)
	}
	if err := f.Sync(); err != nil {
		t.Errorf("sync: %v", err)
	}
}

// openAsNobody opens a file as somebody who may not write to it, root or not.
func openAsNobody(d disk.Dir, name string) (f disk.File, err error) {
	var group sync.WaitGroup
	group.Go(func() {
		if os.Geteuid() == 0 {
			// The thread stays locked, and so ends here with what it became.
			runtime.LockOSThread()
			if err = errors.Join(unix.Setfsgid(65534), unix.Setfsuid(65534)); err != nil {
				return
			}
		}
		f, err = d.Open(name)
	})
	group.Wait()
	return f, err
}
