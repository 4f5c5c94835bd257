package guard_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"postfleet/internal/fault"
	"postfleet/internal/progress/guard"
)

func TestFileSystemTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		magic uint32
		want  string // "" passes
	}{
		{"nfs", 0x6969, "NFS"},
		{"smb", 0x517B, "SMB"},
		{"cifs", 0xFF534D42, "SMB"},
		{"smb2", 0xFE534D42, "SMB"},
		{"9p", 0x01021997, "9p"},
		{"ext4", unix.EXT4_SUPER_MAGIC, ""},
		{"xfs", unix.XFS_SUPER_MAGIC, ""},
		{"btrfs", unix.BTRFS_SUPER_MAGIC, ""},
		{"tmpfs", unix.TMPFS_MAGIC, ""},
		{"overlayfs", unix.OVERLAYFS_SUPER_MAGIC, ""},
		{"fuse", unix.FUSE_SUPER_MAGIC, ""},
	} {
		err := guard.CheckType("/srv/data", c.magic)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: got %v, want it to pass", c.name, err)
			}
			continue
		}
		if !fault.Is(err, fault.Ledger) {
			t.Errorf("%s: got %v of class %q, want ledger", c.name, err, fault.Of(err))
			continue
		}
		for _, part := range []string{"/srv/data is on " + c.want, "local disk", "ledger.trust_file_system: true"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %q, want it to hold %q", c.name, err, part)
			}
		}
	}
}

func TestFileSystem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := guard.FileSystem(dir); err != nil {
		t.Errorf("got %v, want a temporary directory to pass", err)
	}
	missing := filepath.Join(dir, "missing")
	if err := guard.FileSystem(missing); !fault.Is(err, fault.Ledger) || !strings.Contains(err.Error(), missing) {
		t.Errorf("got %v of class %q, want ledger", err, fault.Of(err))
	}
}
