package testbed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Process is one that runs.
type Process struct {
	PID  int
	Args []string
}

// String is the command line.
func (p Process) String() string { return fmt.Sprintf("%d %s", p.PID, strings.Join(p.Args, " ")) }

// Childless reports whether p has no child.
func (p Process) Childless() bool {
	task := strconv.Itoa(p.PID)
	children, err := os.ReadFile(filepath.Join("/proc", task, "task", task, "children"))
	return err == nil && len(children) == 0
}

// Processes are all that can be seen, except those without a command line:
// the kernel's own, and the dead that nobody has buried.
func Processes() ([]Process, error) { return processes(func(string) bool { return true }) }

// ProcessesIn are those of a container, by its full id.
func ProcessesIn(container string) ([]Process, error) {
	return processes(func(dir string) bool {
		groups, err := os.ReadFile(filepath.Join(dir, "cgroup"))
		return err == nil && strings.Contains(string(groups), container)
	})
}

func processes(wanted func(dir string) bool) ([]Process, error) {
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var all []Process
	for _, dir := range dirs {
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if errors.Is(err, fs.ErrNotExist) || len(line) == 0 || err == nil && !wanted(dir) {
			continue
		}
		pid, convErr := strconv.Atoi(filepath.Base(dir))
		if err = errors.Join(err, convErr); err != nil {
			continue // it ended while we looked
		}
		all = append(all, Process{PID: pid, Args: strings.Split(strings.TrimRight(string(line), "\x00"), "\x00")})
	}
	return all, nil
}

func words(s string) int { return len(strings.Fields(s)) }
