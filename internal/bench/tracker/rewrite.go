package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"postfleet/internal/jobs"
)

// The columns of the rewritten table, in order.
const (
	columnID = iota
	columnAccount
	columnVideo
	columnCaption
	columnStatus
	columnWorker
	columnTime
	columnToken
)

const (
	tableName     = "table.csv"
	statusPending = "pending"
	statusClaimed = "claimed"
)

// tableFile is the simple design: under a lock, the whole table is read,
// changed, written to another file, flushed and renamed, and the directory is
// flushed.
type tableFile struct {
	dir    string
	worker string
	gate   *gate
}

// makeTable is the design.prepare of the rewritten table.
func makeTable(_ context.Context, dir string, rows []jobs.PostJob) error {
	records := make([][]string, 0, len(rows)+1)
	records = append(records, []string{
		"job_id", "account_name", "video_path", "caption", "status", "worker_id", "timestamp", "token",
	})
	for _, j := range rows {
		records = append(records, []string{
			strconv.Itoa(j.ID), j.Account, j.Video, j.Caption, statusPending, "", stamp(), "0",
		})
	}
	return (&tableFile{dir: dir}).write(records)
}

func openTable(_ context.Context, dir, worker string) (store, error) {
	g, err := openGate(dir)
	if err != nil {
		return nil, err
	}
	return &tableFile{dir: dir, worker: worker, gate: g}, nil
}

func (t *tableFile) claim(context.Context) (held, error) {
	var h held
	err := t.change(func(records [][]string) error {
		i := slices.IndexFunc(records, func(r []string) bool { return r[columnStatus] == statusPending })
		if i < 0 {
			return errors.New("no row is pending")
		}
		row := records[i]
		token, err := strconv.Atoi(row[columnToken])
		if err != nil {
			return err
		}
		row[columnStatus], row[columnWorker], row[columnTime] = statusClaimed, t.worker, stamp()
		row[columnToken] = strconv.Itoa(token + 1)
		h = held{job: i, token: row[columnToken]} // the header is row 0, the first job's id is 1
		return nil
	})
	if err != nil {
		return held{}, fmt.Errorf("claim: %w", err)
	}
	return h, nil
}

func (t *tableFile) release(_ context.Context, h held) error {
	err := t.change(func(records [][]string) error {
		row := records[h.job]
		if row[columnStatus] != statusClaimed || row[columnToken] != h.token {
			return errLost
		}
		row[columnStatus], row[columnWorker], row[columnTime] = statusPending, "", stamp()
		return nil
	})
	if err != nil {
		return fmt.Errorf("release job %d: %w", h.job, err)
	}
	return nil
}

func (t *tableFile) close() error { return t.gate.close() }

func (t *tableFile) change(fn func(records [][]string) error) error {
	return t.gate.with(func() error {
		records, err := t.read()
		if err != nil {
			return err
		}
		if err := fn(records); err != nil {
			return err
		}
		return t.write(records)
	})
}

func (t *tableFile) read() ([][]string, error) {
	f, err := os.Open(filepath.Join(t.dir, tableName))
	if err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	records, err := csv.NewReader(f).ReadAll()
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	return records, nil
}

func (t *tableFile) write(records [][]string) error {
	path := filepath.Join(t.dir, tableName)
	err := writeFlushed(path+".new", func(w io.Writer) error { return csv.NewWriter(w).WriteAll(records) })
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return flushDir(t.dir)
}

// writeFlushed makes the file at path with what fn writes, flushed to the disk.
func writeFlushed(path string, fn func(w io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = fn(f)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func flushDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("flush directory: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("flush directory: %w", err)
	}
	return nil
}
