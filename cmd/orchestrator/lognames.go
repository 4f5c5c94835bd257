package main

import (
	"path/filepath"
	"strconv"
	"strings"
)

// trimLog returns a log's name, for example worker-0.
func trimLog(path string) string { return strings.TrimSuffix(filepath.Base(path), ".log") }

// isCurrentLog reports whether name is of the file that is written to, and not
// of one that it was rotated into.
func isCurrentLog(name string) bool {
	kind, number, numbered := strings.Cut(name, "-")
	if !numbered {
		return kind == trimLog(logName)
	}
	_, err := strconv.Atoi(number)
	return err == nil
}

// numberOf returns the worker's number in a log's name; -1 where there is none.
func numberOf(name string) int {
	_, number, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(number)
	if err != nil {
		return -1
	}
	return n
}

// escapeGlob makes a path that stands for itself in a pattern.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
