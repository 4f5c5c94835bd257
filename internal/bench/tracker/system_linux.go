package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// clockTick is the unit of /proc/stat: USER_HZ is 100 on every Linux.
const clockTick = 10 * time.Millisecond

// monotonic is a clock that all processes of the host share and that is never set.
func monotonic() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return 0 // it has no way to fail
	}
	return time.Duration(ts.Nano())
}

// flushData flushes what was written, without what nobody needs to read it.
func flushData(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }

// inMemory reports whether dir is on a file system that no flush ever leaves.
func inMemory(dir string) (bool, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return false, fmt.Errorf("ask for the file system of %s: %w", dir, err)
	}
	kind := uint32(fs.Type)
	return kind == unix.TMPFS_MAGIC || kind == unix.RAMFS_MAGIC, nil
}

// peakMemory is the most memory the ended process held, in bytes.
func peakMemory(state *os.ProcessState) (int64, error) {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errors.New("the system does not say how much memory a process took")
	}
	return usage.Maxrss * 1024, nil
}

// ownCPU is the processor time that this process has used.
func ownCPU() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0 // it has no way to fail
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// hostCPU is the processor time that everything on the host has used.
func hostCPU() (time.Duration, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, fmt.Errorf("read processor times: %w", err)
	}
	return busyTime(stat)
}

// busyTime adds up the first line of /proc/stat but for idle and iowait, and
// for the guests' time, which is counted in user and nice already.
func busyTime(stat []byte) (time.Duration, error) {
	lines := bufio.NewScanner(bytes.NewReader(stat))
	lines.Scan()
	fields := strings.Fields(lines.Text())
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, fmt.Errorf("read processor times: %q is no summary", lines.Text())
	}
	var ticks int64
	for i, field := range fields[1:9] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read processor times: %w", err)
		}
		if i != 3 && i != 4 {
			ticks += n
		}
	}
	return time.Duration(ticks) * clockTick, nil
}
