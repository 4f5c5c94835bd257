package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"postfleet/internal/jobs"
)

const (
	logName = "records.log"
	// recordBytes is about what a transition of the ledger appends.
	recordBytes = 110
)

// rawLog is the limit that the disk sets: each transition appends a record to
// one file that all processes share, and flushes it. There is no lock and no
// list, and so nothing that could be claimed twice.
type rawLog struct {
	file   *os.File
	record []byte
}

// makeLog is the raw limit's design.prepare.
func makeLog(_ context.Context, dir string, _ []jobs.PostJob) error {
	f, err := os.Create(filepath.Join(dir, logName))
	if err != nil {
		return fmt.Errorf("make log: %w", err)
	}
	return f.Close()
}

func openLog(_ context.Context, dir, _ string) (store, error) {
	f, err := os.OpenFile(filepath.Join(dir, logName), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	record := append(bytes.Repeat([]byte{'x'}, recordBytes-1), '\n')
	return &rawLog{file: f, record: record}, nil
}

func (l *rawLog) claim(context.Context) (held, error) { return held{}, l.add() }

func (l *rawLog) release(context.Context, held) error { return l.add() }

func (l *rawLog) add() error {
	if _, err := l.file.Write(l.record); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := flushData(l.file); err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	return nil
}

func (l *rawLog) close() error { return l.file.Close() }
