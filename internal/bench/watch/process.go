package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// clockTick is the unit of /proc/PID/stat: USER_HZ is 100 on every Linux.
	clockTick = 10 * time.Millisecond
	// sampleEvery is how often memory is looked at.
	sampleEvery = time.Second
)

// usage is what a process has taken so far. Memory is in bytes.
type usage struct {
	cpu       time.Duration
	rss, peak int64
}

// idle is what a process took while it was watched.
type idle struct {
	span, cpu time.Duration
	// rss is the most that was resident at a look, peak ever since the start.
	rss, peak int64
}

// share is the processor time in per cent of a core.
func (i idle) share() float64 { return 100 * i.cpu.Seconds() / i.span.Seconds() }

// watch looks at a process for so long.
func watch(ctx context.Context, pid int, span time.Duration) (idle, error) {
	first, err := look(pid)
	if err != nil {
		return idle{}, err
	}
	began, most := time.Now(), first.rss
	again, end := time.NewTicker(min(sampleEvery, span)), time.NewTimer(span)
	defer again.Stop()
	defer end.Stop()
	for {
		ended := false
		select {
		case <-ctx.Done():
			return idle{}, context.Cause(ctx)
		case <-again.C:
		case <-end.C:
			ended = true
		}
		now, err := look(pid)
		if err != nil {
			return idle{}, err
		}
		most = max(most, now.rss)
		if ended {
			return idle{time.Since(began), now.cpu - first.cpu, most, now.peak}, nil
		}
	}
}

// look reads what /proc has of a process.
func look(pid int) (usage, error) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return usage{}, fmt.Errorf("look at process %d: %w", pid, err)
	}
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return usage{}, fmt.Errorf("look at process %d: %w", pid, err)
	}
	var u usage
	if u.cpu, err = processorTime(stat); err != nil {
		return usage{}, fmt.Errorf("look at process %d: %w", pid, err)
	}
	u.rss, u.peak = kilobytes(status, "VmRSS"), kilobytes(status, "VmHWM")
	if u.rss == 0 || u.peak == 0 {
		return usage{}, fmt.Errorf("look at process %d: it has ended", pid)
	}
	return u, nil
}

// processorTime is utime + stime, the 14th and 15th field. The second is the
// program's name in parentheses, in which anything can be.
func processorTime(stat []byte) (time.Duration, error) {
	const utime, stime = 14 - 3, 15 - 3 // behind the name, which is no field of these
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) <= stime {
		return 0, fmt.Errorf("%q has no processor times", stat)
	}
	var ticks int64
	for _, field := range []string{fields[utime], fields[stime]} {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read processor times: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

// kilobytes returns a line of /proc/PID/status in bytes, 0 when there is none.
func kilobytes(status []byte, name string) int64 {
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == name+":" {
			n, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			return n << 10
		}
	}
	return 0
}
