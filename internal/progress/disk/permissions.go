package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// adopt gives f to the owner of the directory when root made it: workers run
// as that owner and must be able to write what the orchestrator made.
func (d *OS) adopt(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := d.handle.Stat()
	if err != nil {
		return err
	}
	return give(f, info)
}

// inherit makes the permissions of the file oldName those of newName, if that
// is there.
func (d *OS) inherit(oldName, newName string) error {
	model, err := d.root.Lstat(newName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || !model.Mode().IsRegular() {
		return err
	}
	info, err := d.root.Lstat(oldName)
	if err != nil || samePermissions(info, model) {
		return err
	}
	f, err := d.root.Open(oldName)
	if err != nil {
		return err
	}
	// The owner first: a change of owner may take bits of the mode away.
	return errors.Join(give(f, model), f.Chmod(model.Mode().Perm()), f.Close())
}

// give makes the owner and group of f those of model. Who is not root keeps the
// file, and may not know the group: no reason not to go on.
func give(f *os.File, model fs.FileInfo) error {
	owner, ok := model.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	if os.Geteuid() == 0 {
		return f.Chown(int(owner.Uid), int(owner.Gid))
	}
	if err := f.Chown(-1, int(owner.Gid)); !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

func samePermissions(a, b fs.FileInfo) bool {
	sa, oka := a.Sys().(*syscall.Stat_t)
	sb, okb := b.Sys().(*syscall.Stat_t)
	return oka && okb && a.Mode() == b.Mode() && sa.Uid == sb.Uid && sa.Gid == sb.Gid
}
