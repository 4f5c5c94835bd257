package progress

import (
	"errors"
	"slices"
	"syscall"

	"postfleet/internal/fault"
)

// errSync is a failed flush. It is never tried again: the kernel may have
// marked the lost pages clean, and a second flush would succeed for nothing.
var errSync = errors.New("progress: flush to disk")

// classify gives a file error its class: fault.Infra when trying again may
// help, fault.Ledger when it will not.
func classify(err error) error {
	if err == nil || fault.Of(err) != fault.Unclassified {
		return err
	}
	if errors.Is(err, ErrBusy) {
		return err
	}
	var errno syscall.Errno
	if errors.As(err, &errno) && !errors.Is(err, errSync) && slices.Contains(passing(), errno) {
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
