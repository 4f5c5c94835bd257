package ledgerproof

import (
	"os"
	"syscall"
	"time"
)

// selfKill is SIGKILL in the middle of a call: some time after the n-th call
// of an operation, "" for any, was recorded. The process sends it to itself, because a
// parent that has to be woken first comes too late for most calls. To the
// kernel it is the same.
type selfKill struct {
	Op    string        `json:"op"`
	Nth   int           `json:"nth"`
	After time.Duration `json:"after"`
}

// count counts a call that was recorded and is about to be made.
func (k *selfKill) count(c call) {
	if k == nil || k.Op != "" && c.Op != k.Op {
		return
	}
	if k.Nth--; k.Nth != 0 {
		return
	}
	at := monotonic() + int64(k.After)
	go func() {
		for monotonic() < at { // a timer is late by as much as a call takes
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}()
}
