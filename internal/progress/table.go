package progress

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/jobs"
)

// columns are the header of progress.csv. Tools read it: the order is fixed.
func columns() []string {
	return []string{
		"job_id", jobs.ColumnAccount, jobs.ColumnVideo, jobs.ColumnCaption, "status", "worker_id",
		"timestamp", "error", "attempts", "phase", "not_before",
	}
}

// encodeTable returns rows as progress.csv holds them.
func encodeTable(rows []Row) []byte {
	data := jobs.AppendCSV(nil, columns()...)
	for _, r := range rows {
		data = jobs.AppendCSV(
			data, strconv.Itoa(r.ID), r.Account, r.Video, r.Caption, string(r.Status), r.WorkerID,
			formatTime(r.Time), r.Error, strconv.Itoa(r.Attempts), string(r.Phase), formatTime(r.NotBefore),
		)
	}
	return data
}

// decodeTable reads what encodeTable wrote. Anything else is an error: a file
// that is nearly right is not.
func decodeTable(data []byte) ([]Row, error) {
	if len(data) == 0 {
		return nil, errors.New("the file is empty")
	}
	rows := []Row{} // not nil: that is a ledger that was never seeded
	first := true
	for rec, err := range jobs.ParseCSV(data) {
		switch {
		case err != nil:
			return nil, err
		case first:
			first = false
			if !slices.Equal(rec.Fields, columns()) {
				return nil, fmt.Errorf("the header is not %s", strings.Join(columns(), ","))
			}
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
	case data[len(data)-1] != '\n':
		return nil, errors.New("the last line is cut short")
	}
	return rows, nil
}

func decodeRow(f []string) (Row, error) {
	if len(f) != len(columns()) {
		return Row{}, fmt.Errorf("%d fields, not %d", len(f), len(columns()))
	}
	id, idErr := strconv.Atoi(f[0])
	at, atErr := parseTime(f[6])
	attempts, attemptsErr := strconv.Atoi(f[8])
	notBefore, notBeforeErr := parseTime(f[10])
	r := Row{
		ID: id, Account: f[1], Video: f[2], Caption: f[3], Status: Status(f[4]), WorkerID: f[5],
		Time: at, Error: f[7], Attempts: attempts, Phase: Phase(f[9]), NotBefore: notBefore,
	}
	return r, errors.Join(idErr, atErr, attemptsErr, notBeforeErr, r.check())
}

// check reports a row that no transition makes.
func (r Row) check() error {
	switch {
	case !slices.Contains([]Status{StatusPending, StatusClaimed, StatusSuccess, StatusFail, StatusSkip}, r.Status):
		return fmt.Errorf("unknown status %q", r.Status)
	case !slices.Contains([]Phase{PhaseNone, PhasePosting, PhasePosted}, r.Phase):
		return fmt.Errorf("unknown phase %q", r.Phase)
	case r.Status == StatusClaimed && r.WorkerID == "":
		return errors.New("claimed by no worker")
	case r.Attempts < 0:
		return errors.New("negative attempts")
	case r.Account == "" || r.Video == "":
		return errors.New("no account or no video")
	}
	return nil
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UTC(), err
}
