// Package table is the text of progress.csv: rows to bytes and back, every
// byte of the operator's columns kept. It reads and writes no files.
package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// Columns are the header of progress.csv. Tools read it: the order is fixed.
func Columns() []string {
	return []string{
		"job_id", jobs.ColumnAccount, jobs.ColumnVideo, jobs.ColumnCaption, "status", "worker_id",
		"timestamp", "error", "attempts", "phase", "not_before",
	}
}

const (
	columnCount = 11
	bufferBytes = 64 << 10
)

// Write writes rows as progress.csv holds them and returns the print of what
// it wrote. It holds no more than one buffer, however many rows there are.
func Write(w io.Writer, rows iter.Seq[*progress.Row]) (Print, error) {
	sum := newSummer(w)
	out := bufio.NewWriterSize(sum, bufferBytes)
	line := jobs.AppendCSV(nil, Columns()...)
	if _, err := out.Write(line); err != nil {
		return Print{}, err
	}
	for r := range rows {
		line = appendRow(line[:0], r)
		if _, err := out.Write(line); err != nil {
			return Print{}, err
		}
	}
	if err := out.Flush(); err != nil {
		return Print{}, err
	}
	return sum.print(), nil
}

func appendRow(dst []byte, r *progress.Row) []byte {
	return jobs.AppendCSV(
		dst, strconv.Itoa(r.ID), r.Account, r.Video, r.Caption, string(r.Status), r.WorkerID,
		progress.FormatTime(r.Time), r.Error, strconv.Itoa(r.Attempts), string(r.Phase),
		progress.FormatTime(r.NotBefore),
	)
}

// Decode reads what Write wrote; the rows keep the text. Anything else is an error: a file that is
// nearly right is not. The result is never nil without an error, so that no
// rows can be told from no file.
func Decode(text string) ([]progress.Row, error) {
	if text == "" {
		return nil, errors.New("the file is empty")
	}
	rows := []progress.Row{}
	first := true
	for rec, err := range jobs.ParseText(text) {
		switch {
		case err != nil:
			return nil, err
		case first:
			first = false
			if !slices.Equal(rec.Fields, Columns()) {
				return nil, fmt.Errorf("the header is not %s", strings.Join(Columns(), ","))
			}
			rows = make([]progress.Row, 0, guess(text))
		default:
			row, err := decodeRow(rec.Fields)
			if err == nil && row.ID != len(rows)+1 {
				err = fmt.Errorf("job_id is %d, not %d", row.ID, len(rows)+1)
			}
			if err != nil {
				return nil, fmt.Errorf("row %d (line %d): %w", rec.Row, rec.Line, err)
			}
			rows = append(rows, row)
		}
	}
	switch {
	case first:
		return nil, errors.New("there is no header")
	case text[len(text)-1] != '\n':
		return nil, errors.New("the last line is cut short")
	}
	return rows, nil
}

// guess returns about how many rows there are, from the first few lines.
func guess(text string) int {
	const sample = 64 << 10
	if len(text) <= sample {
		return strings.Count(text, "\n")
	}
	return strings.Count(text[:sample], "\n") * (len(text)/sample + 1)
}

func decodeRow(f []string) (progress.Row, error) {
	if len(f) != columnCount {
		return progress.Row{}, fmt.Errorf("%d fields, not %d", len(f), columnCount)
	}
	id, idErr := strconv.Atoi(f[0])
	at, atErr := progress.ParseTime(f[6])
	attempts, attemptsErr := strconv.Atoi(f[8])
	notBefore, notBeforeErr := progress.ParseTime(f[10])
	r := progress.Row{
		ID: id, Account: f[1], Video: f[2], Caption: f[3], Status: progress.Status(f[4]), WorkerID: f[5],
		Time: at, Error: f[7], Attempts: attempts, Phase: progress.Phase(f[9]), NotBefore: notBefore,
	}
	return r, errors.Join(idErr, atErr, attemptsErr, notBeforeErr, r.Check())
}
