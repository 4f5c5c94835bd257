package fileledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
)

// Archive implements progress.Keeper: progress.csv is copied to a directory of
// its own in archive/, and then the ledger is removed.
func (l *Ledger) Archive(ctx context.Context) (string, error) {
	unlock, err := l.pubLock.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := l.publishLocked(ctx); err != nil {
		return "", err
	}
	st, release, err := l.read(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	if !st.seeded {
		return "", l.unseeded()
	}
	if err := unfinished(st); err != nil {
		return "", err
	}
	place, err := l.copyToArchive()
	if err != nil {
		return "", disk.Classify(fmt.Errorf("archive ledger: %w", err))
	}
	if err := l.removeFiles(); err != nil {
		return "", disk.Classify(fmt.Errorf("remove archived ledger: %w", err))
	}
	return place, l.forget()
}

// unfinished counts what keeps a ledger from being archived.
func unfinished(st *state) error {
	var pending, claimed, unknown int
	for _, r := range st.book.Rows() {
		switch {
		case r.Status == progress.StatusPending:
			pending++
		case r.Status == progress.StatusClaimed:
			claimed++
		case r.Unknown():
			unknown++
		}
	}
	if pending+claimed+unknown == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d rows pending, %d claimed, %d of unknown outcome",
		progress.ErrUnfinished, pending, claimed, unknown)
}

// copyToArchive returns the new directory, which lasts, with what is in it.
func (l *Ledger) copyToArchive() (string, error) {
	parent := l.name(archiveName)
	place := filepath.Join(parent, time.Now().UTC().Format("20060102T150405.000000000Z"))
	for _, dir := range []string{parent, place} {
		if err := disk.MakeDir(dir); err != nil {
			return "", err
		}
	}
	if err := copyTable(l.dir, place); err != nil {
		return "", err
	}
	for _, dir := range []string{place, parent, l.path} {
		if err := syncDir(dir); err != nil {
			return "", err
		}
	}
	return place, nil
}

// copyTable copies progress.csv to the directory at place.
func copyTable(from disk.Dir, place string) error {
	is, err := readFile(from, TableName)
	if err != nil {
		return err
	}
	to, err := disk.OpenDir(place)
	if err != nil {
		return err
	}
	f, err := to.Create(TableName)
	if err != nil {
		return errors.Join(err, to.Close())
	}
	if _, err = f.WriteAt([]byte(is.text), 0); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), to.Close())
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// removeFiles removes the journal first: a progress.csv without one is a whole
// ledger, and the rest without it is none.
func (l *Ledger) removeFiles() error {
	for _, name := range []string{journalName, baseName, TableName} {
		if err := l.dir.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if err := l.dir.Sync(); err != nil {
			return err
		}
	}
	return nil
}
