package fileledger

import (
	"errors"
	"slices"
	"syscall"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
)

// classify gives a file error its class: fault.Infra when trying again may
// help, fault.Ledger when it will not. A failed flush never passes.
func classify(err error) error {
	if err == nil || fault.Of(err) != fault.Unclassified || errors.Is(err, progress.ErrBusy) {
		return err
	}
	var errno syscall.Errno
	if errors.As(err, &errno) && !errors.Is(err, disk.ErrSync) && slices.Contains(passing(), errno) {
		return fault.Mark(fault.Infra, err)
	}
	return fault.Mark(fault.Ledger, err)
}

// passing are the errors that go away by themselves, or when a person makes
// room, without harm done.
func passing() []syscall.Errno {
	return []syscall.Errno{
		syscall.EINTR, syscall.EAGAIN, syscall.ENOSPC, syscall.EDQUOT,
		syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM,
	}
}
