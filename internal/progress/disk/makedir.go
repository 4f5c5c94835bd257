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
	if os.Geteuid() != 0 {
		return nil
	}
	parent, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(give(dir, parent), dir.Close())
}
