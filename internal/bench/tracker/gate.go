package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// errLost: the row is no longer held by the claim that is being ended.
var errLost = errors.New("the claim was lost")

// gate lets one process at a time through: a lock on a file that is never
// replaced. It is the lock of the designs that are compared with the ledger,
// whose own it must not share.
type gate struct{ file *os.File }

func openGate(dir string) (*gate, error) {
	f, err := os.OpenFile(filepath.Join(dir, "gate.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open gate: %w", err)
	}
	return &gate{file: f}, nil
}

func (g *gate) with(fn func() error) error {
	if err := g.lock(); err != nil {
		return err
	}
	err := fn()
	return errors.Join(err, unix.Flock(int(g.file.Fd()), unix.LOCK_UN))
}

func (g *gate) lock() error {
	for {
		err := unix.Flock(int(g.file.Fd()), unix.LOCK_EX)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, unix.EINTR):
			return fmt.Errorf("lock gate: %w", err)
		}
	}
}

func (g *gate) close() error { return g.file.Close() }
