package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"postfleet/internal/evidence"
)

// measureDisk reports what each part of the data directory takes, on the disk:
// it is for ever, but for the logs, and grows with the jobs.
func measureDisk(report *evidence.Report, dir string, done work) error {
	const block = 512 // stat(2)'s unit, whatever the file system's
	taken := map[string]float64{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		part, _, _ := strings.Cut(rel, string(filepath.Separator))
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && rel != "." {
			taken[part] += float64(stat.Blocks) * block / kilobyte
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("measure the data directory: %w", err)
	}
	for part, kb := range taken {
		of := map[string]any{"of": part}
		report.Measure("disk", kb, "KB", of)
		if jobs := done.total(); jobs > 0 {
			report.Measure("disk", kb/float64(jobs)*hundred, "KB/100 jobs", of)
		}
	}
	return nil
}

// checkFiles holds the logs, and all else that stays on the disk, to its
// targets.
func checkFiles(report *evidence.Report, dir string, w *watcher, done work) {
	want := targets()
	logs, err := logsIn(filepath.Join(dir, "logs"))
	if err != nil {
		report.CannotCheck(want.logFile, err.Error())
		report.CannotCheck(want.logFiles, err.Error())
	} else {
		checkLogs(report, logs, done)
	}
	unlimited := 0
	for _, is := range w.unlimited {
		if is {
			unlimited++
		}
	}
	report.Check(want.unlimited, float64(unlimited))
	report.Check(want.journal, float64(w.journal)/megabyte)
	left, err := temporary(dir)
	if err != nil {
		report.CannotCheck(want.temporary, err.Error())
		return
	}
	report.Check(want.temporary, float64(len(left)))
}

// logged is a log with its old files.
type logged struct {
	files          int
	bytes, largest int64
}

// logsIn are the logs of a directory, by name: what is behind a hyphen and a
// year is the mark of an old file.
func logsIn(dir string) (map[string]logged, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read logs: %w", err)
	}
	logs := map[string]logged{}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			return nil, fmt.Errorf("read logs: %w", err)
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(file.Name(), ".log"), "-20")
		l := logs[name]
		logs[name] = logged{l.files + 1, l.bytes + info.Size(), max(l.largest, info.Size())}
	}
	return logs, nil
}

func checkLogs(report *evidence.Report, logs map[string]logged, done work) {
	want := targets()
	var largest int64
	files := 0
	for name, l := range logs {
		largest, files = max(largest, l.largest), max(files, l.files)
		params := map[string]any{"log": name, "files": l.files}
		report.Measure("log", float64(l.bytes)/1024, "KB", params)
		kind, slot := name, 0
		if before, _, numbered := strings.Cut(name, "-"); numbered {
			kind, slot = before, slotOf(name)
		}
		if jobs := done.of(kind, slot); jobs > 0 {
			report.Measure("log, growth", float64(l.bytes)/1024/float64(jobs)*hundred, "KB/100 jobs", params)
		}
	}
	report.Check(want.logFile, float64(largest)/megabyte)
	report.Check(want.logFiles, float64(files))
}

// temporary are files that were to be renamed or removed: all of ours begin
// with a dot, and nothing else of a data directory does.
func temporary(dir string) ([]string, error) {
	var left []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != dir && strings.HasPrefix(d.Name(), ".") {
			left = append(left, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for temporary files: %w", err)
	}
	return left, nil
}
