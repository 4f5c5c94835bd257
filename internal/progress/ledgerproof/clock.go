package ledgerproof

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// monotonic returns nanoseconds of CLOCK_MONOTONIC. The kernel has one such
// clock for all processes of a time namespace, counted from its boot; setting
// the time of day does not move it, and no processor sees it go back after
// another has read it. So two processes' readings can be compared: what was
// read before a call is no later than what anybody reads after it. Go's own
// monotonic readings count from each process's start and cannot.
func monotonic() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		panic(fmt.Sprintf("ledgerproof: no monotonic clock: %v", err)) // every kernel that Go runs on has it
	}
	return t.Nano()
}
