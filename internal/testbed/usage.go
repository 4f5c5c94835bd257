package testbed

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Usage is what a process holds.
type Usage struct {
	// Resident is all of its memory, in bytes; Anonymous is what of it no file
	// stands behind, so that nothing but the process gives it back.
	Resident, Anonymous int64
	// Files are its open file descriptors.
	Files   int
	Threads int
}

// Usage looks at a process. One that has ended, or is about to, is an error.
func (p Process) Usage() (Usage, error) {
	dir := filepath.Join("/proc", strconv.Itoa(p.PID))
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return Usage{}, fmt.Errorf("look at process %d: %w", p.PID, err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		return Usage{}, fmt.Errorf("look at process %d: %w", p.PID, err)
	}
	u, err := parseStatus(string(status))
	if err != nil {
		return Usage{}, fmt.Errorf("look at process %d: %w", p.PID, err)
	}
	u.Files = len(files)
	return u, nil
}

// errNoMemory is what a process that is ending has.
var errNoMemory = errors.New("it has no memory")

// parseStatus reads proc(5)'s status, which has sizes in kilobytes.
func parseStatus(text string) (Usage, error) {
	const kilobyte = 1 << 10
	numbers := map[string]int64{}
	for line := range strings.Lines(text) {
		name, rest, _ := strings.Cut(line, ":")
		if fields := strings.Fields(rest); len(fields) > 0 {
			if n, err := strconv.ParseInt(fields[0], 10, 64); err == nil {
				numbers[name] = n
			}
		}
	}
	u := Usage{
		Resident: numbers["VmRSS"] * kilobyte, Anonymous: numbers["RssAnon"] * kilobyte,
		Threads: int(numbers["Threads"]),
	}
	if u.Resident == 0 || u.Threads == 0 {
		return Usage{}, errNoMemory
	}
	return u, nil
}
