package disk

import (
	"errors"
	"slices"
	"syscall"

	"postfleet/internal/fault"
)

// Classify gives the error of a file, or of a lock on one, its class:
// fault.Infra when trying again may help, fault.Ledger when it will not. One
// that has a class keeps it. A failed flush never passes.
func Classify(err error) error {
	if err == nil || fault.Of(err) != fault.Unclassified {
		return err
	}
	var errno syscall.Errno
	if errors.As(err, &errno) && !errors.Is(err, ErrSync) && slices.Contains(passing(), errno) {
		return fault.Mark(fault.Infra, err)
	}
	return fault.Mark(fault.Ledger, err)
}

// passing are the errors that go away by themselves, or when a person makes
// room, without harm done.
func passing() []syscall.Errno {
	return []syscall.Errno{
		syscall.EINTR, syscall.EAGAIN, syscall.ENOSPC, syscall.EDQUOT,
		syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOLCK,
	}
}
