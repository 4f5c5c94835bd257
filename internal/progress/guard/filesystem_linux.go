package guard

import (
	"golang.org/x/sys/unix"

	"postfleet/internal/fault"
)

// FileSystem refuses, with fault.Ledger, a directory on a network file system:
// there a lock may exclude nobody on other hosts, or nobody at all, without
// saying so. It goes by the type alone and asks no server; only Linux's types
// are known, elsewhere everything passes.
func FileSystem(dir string) error {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return fault.Errorf(fault.Ledger, "ask for the file system of %s: %w", dir, err)
	}
	return checkType(dir, uint32(st.Type))
}

// checkType goes by the magic number that statfs gives.
func checkType(dir string, magic uint32) error {
	switch magic {
	case unix.NFS_SUPER_MAGIC:
		return refuse(dir, "NFS")
	case unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		return refuse(dir, "SMB")
	case unix.V9FS_MAGIC:
		return refuse(dir, "9p")
	default:
		return nil
	}
}
