package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"postfleet/internal/fault"
)

// checkOutput refuses to write over a file that the fleet lives on, by whatever
// name, and over what is no file.
func checkOutput(path, dataDir string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if ownsName(path, dataDir) {
			return refuseOutput(path)
		}
		return nil
	case err != nil:
		return fault.Errorf(fault.Input, "-o: %w", err)
	case !info.Mode().IsRegular():
		return fault.Errorf(fault.Input, "-o %s: it is no file: leave -o out, and redirect the output there", path)
	}
	return checkExisting(path, info, dataDir)
}

func checkExisting(path string, info fs.FileInfo, dataDir string) error {
	entries, err := os.ReadDir(dataDir)
	if err != nil {
		return fault.Errorf(fault.Input, "data_dir: %w", err)
	}
	for _, e := range entries {
		if !isFleets(e.Name()) {
			continue
		}
		own, err := os.Stat(filepath.Join(dataDir, e.Name()))
		if err == nil && os.SameFile(own, info) {
			return refuseOutput(path)
		}
	}
	if ownsName(path, dataDir) {
		return refuseOutput(path)
	}
	return nil
}

func refuseOutput(path string) error {
	return fault.Mark(fault.Input, fmt.Errorf("-o %s: that is the fleet's own: write to another file, "+
		"such as one outside the data directory", path))
}

// ownsName reports whether path is a name in the data directory that is the
// fleet's, or leads into one of its folders.
func ownsName(path, dataDir string) bool {
	dir, err := realPath(filepath.Dir(path))
	if err != nil {
		return false // nothing can be written there anyway
	}
	root, err := realPath(dataDir)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(root, filepath.Join(dir, filepath.Base(path)))
	if err != nil || !filepath.IsLocal(rel) {
		return false
	}
	first, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	return isFleets(first)
}

func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// isFleets reports whether an entry of the data directory is written or read by
// the fleet itself.
func isFleets(name string) bool {
	switch name {
	case jobsFile, resultsFile, "posted.csv", "learned.yaml", "phones.json", "posts.json", "shutdown",
		mediaName, artifactsName, "workers", "logs", "archive", secretsName:
		return true
	}
	return strings.HasPrefix(name, "progress.csv") || strings.HasSuffix(name, ".lock")
}
