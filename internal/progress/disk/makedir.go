package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeDir makes the directory at path, unless it is there, for the owner of
// the one it is in.
func MakeDir(path string) error {
	if err := os.Mkdir(path, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(Adopt(dir), dir.Close())
}

// Adopt gives f to the owner of the directory it is in when root made it:
// workers run as that owner and must be able to open what the orchestrator made.
func Adopt(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	parent, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil {
		return err
	}
	return give(f, parent)
}
