package disk

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// flush is fdatasync: one write to the device fewer than fsync, which makes the
// time stamps last too.
func flush(f *os.File) error {
	if err := control(f, unix.Fdatasync); err != nil {
		return &fs.PathError{Op: "fdatasync", Path: f.Name(), Err: err}
	}
	return nil
}

func freeBytes(dir *os.File) (uint64, error) {
	var st unix.Statfs_t
	err := control(dir, func(fd int) error { return unix.Fstatfs(fd, &st) })
	return st.Bavail * uint64(st.Bsize), err
}

func fileID(info fs.FileInfo) uint64 {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return mixID(st.Dev, st.Ino)
}

// nameID asks the kernel directly: os.Root would resolve a name, which is plain
// already, once more.
func nameID(dir *os.File, name string) (uint64, error) {
	var st unix.Stat_t
	err := control(dir, func(fd int) error { return unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW) })
	return mixID(st.Dev, st.Ino), err
}
