package progress

import (
	"fmt"

	"golang.org/x/sys/unix"

	"postfleet/internal/fault"
)

// checkFileSystem refuses network file systems: there a lock may exclude
// nobody on other hosts, or nobody at all, without saying so.
func checkFileSystem(dir string) error {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return classify(fmt.Errorf("ask for the file system of %s: %w", dir, err))
	}
	switch uint32(fs.Type) {
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		return fault.Errorf(fault.Ledger,
			"%s is on a network file system, where file locks cannot be trusted: use a local disk", dir)
	}
	return nil
}
