package progress

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// The files of the ledger in the data directory.
const (
	tableName   = "progress.csv"
	lockName    = tableName + ".lock"
	journalName = tableName + ".journal"
	damagedName = tableName + ".damaged-"
	tempPattern = "." + tableName + ".tmp-*"
	workersName = "workers"
)

const tableMode = 0o644

// disk reads and replaces progress.csv. Its methods are called with the state
// lock held.
type disk struct {
	dir string
	// journalMax is the size in bytes past which the journal is begun anew.
	journalMax int64
	// faultFunc, when set, is called before every file operation. Tests make
	// it fail, or not return.
	faultFunc func(op string, f *os.File, data []byte) error
}

// state is what was found in the data directory.
type state struct {
	rows  []Row
	print fingerprint
	// journalEnd is where the journal's line about this state ends, and
	// journalSize where the journal does.
	journalEnd, journalSize int64
}

func (d disk) path(name string) string { return filepath.Join(d.dir, name) }

func (d disk) do(op string, f *os.File, data []byte, fn func() error) error {
	if d.faultFunc != nil {
		if err := d.faultFunc(op, f, data); err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
	}
	if err := fn(); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

func (d disk) write(op string, f *os.File, data []byte) error {
	return d.do(op, f, data, func() error {
		_, err := f.Write(data)
		return err
	})
}

func (d disk) sync(op string, f *os.File) error {
	return d.do(op, f, nil, func() error {
		if err := f.Sync(); err != nil {
			return fmt.Errorf("%w: %w", errSync, err)
		}
		return nil
	})
}

// syncDir makes names durable: without it a rename may be undone by a power cut.
func (d disk) syncDir() error {
	dir, err := os.Open(d.dir)
	if err != nil {
		return err
	}
	return errors.Join(d.sync("flush data directory", dir), dir.Close())
}

// replace puts data in the place of the file name: all of it or nothing, and
// when it returns the change is on the disk. announce, when not nil, runs
// between the two.
func (d disk) replace(name string, data []byte, announce func() error) error {
	tmp, err := d.writeTemp(name, data)
	if err != nil {
		return err
	}
	if announce != nil {
		err = announce()
	}
	if err == nil {
		err = d.do("rename "+name, nil, nil, func() error { return os.Rename(tmp, d.path(name)) })
	}
	if err != nil {
		_ = os.Remove(tmp)
		return err
	}
	return d.syncDir()
}

// writeTemp returns the path of a new file that holds data, on the disk, with
// the mode and owner that name has or is to have.
func (d disk) writeTemp(name string, data []byte) (string, error) {
	f, err := os.CreateTemp(d.dir, tempPattern) // O_EXCL: a dead process's file is never reused
	if err != nil {
		return "", err
	}
	mode := fs.FileMode(tableMode)
	if info, serr := os.Stat(d.path(name)); serr == nil {
		mode = info.Mode().Perm()
	}
	err = d.write("write new "+name, f, data)
	if err == nil {
		err = errors.Join(f.Chmod(mode), adopt(f))
	}
	if err == nil {
		err = d.sync("flush new "+name, f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// sweep removes the temporary files of processes that died. Whoever is alive
// and has one holds the state lock, which is ours.
func (d disk) sweep() error {
	stale, err := filepath.Glob(d.path(tempPattern))
	if err != nil {
		return err
	}
	for _, path := range stale {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// adopt gives f to the owner of its directory when root made it: workers run
// as that owner and must be able to open what the orchestrator made.
func adopt(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		return f.Chown(int(owner.Uid), int(owner.Gid))
	}
	return nil
}
