package jobs

import (
	"strconv"
	"time"
)

// Result is one row of results.csv: what came of one attempt.
type Result struct {
	Time    time.Time
	JobID   int
	Account string
	Video   string
	// Status is what the ledger says of the row after the attempt.
	Status string
	Error  string
	// ErrorClass is a fault.Class in its words.
	ErrorClass string
	WorkerID   string
	Device     string
	// Attempt is 1 for the first.
	Attempt  int
	Duration time.Duration
	// ModelCalls and ModelCostUSD are what the attempt asked of a language model.
	ModelCalls   int
	ModelCostUSD float64
}

// resultColumns are the header of results.csv.
func resultColumns() []string {
	return []string{
		"timestamp", "job_id", ColumnAccount, ColumnVideo, "status", "error", "error_class",
		"worker_id", "device", "attempt", "duration_s", "model_calls", "model_cost_usd",
	}
}

func (r Result) fields() []string {
	return []string{
		r.Time.UTC().Format(time.RFC3339Nano), strconv.Itoa(r.JobID), r.Account, r.Video,
		r.Status, r.Error, r.ErrorClass, r.WorkerID, r.Device, strconv.Itoa(r.Attempt),
		strconv.FormatFloat(r.Duration.Seconds(), 'f', 3, 64),
		strconv.Itoa(r.ModelCalls), strconv.FormatFloat(r.ModelCostUSD, 'f', -1, 64),
	}
}

// AppendResult appends r to the results file at path and returns when it is on
// the disk. The file is made, with its header, when it is not there. Many
// processes may append at once: a row is one write. A last line that a crash
// cut short is ended first, so that it spoils no other row.
func AppendResult(path string, r Result) error {
	return appendLog{path: path, columns: resultColumns()}.append(r.fields())
}
