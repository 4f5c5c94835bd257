package jobs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ReplaceFile makes the file at path hold what write writes, or, when anything
// fails, leaves it as it was: whoever reads it meanwhile sees one or the other,
// whole. It is on the disk when ReplaceFile returns. A symbolic link stays, and
// what it leads to is replaced. The file keeps its mode and, where root replaces
// it, its owner; a new one has mode 0644 and, where root makes it, the owner of
// its directory.
func ReplaceFile(path string, write func(w io.Writer) error) error {
	target, err := filepath.EvalSymlinks(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		target = path
	case err != nil:
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := replace(target, write); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func replace(path string, write func(w io.Writer) error) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".tmp-*")
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(tmp)
	err = write(buffered)
	err = errors.Join(err, buffered.Flush(), dress(tmp, path), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return syncDir(dir)
}

const newFileMode = 0o644

// dress gives f the mode and the owner of the file it is to replace.
func dress(f *os.File, path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.Join(f.Chmod(newFileMode), adopt(f, filepath.Dir(path)))
	}
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		if err := f.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	return f.Chmod(info.Mode().Perm())
}
