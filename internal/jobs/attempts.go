package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"
)

// ReadResults returns the attempts of one job that the results file at path
// tells of, in its order; none when there is no file. Lines that a crash cut
// short, or a person made unreadable, are passed over.
func ReadResults(path string, jobID int) ([]Result, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	var results []Result
	var columns resultFields
	id := strconv.Itoa(jobID)
	for rec, err := range ParseCSV(data) {
		switch {
		case rec.Row == 1:
			columns = resultFields{names: slices.Clone(rec.Fields)}
		case err != nil:
		default:
			columns.values = rec.Fields
			if columns.get("job_id") == id {
				results = append(results, columns.result(jobID))
			}
		}
	}
	return results, nil
}

// resultFields is a row of the results file under its header.
type resultFields struct{ names, values []string }

// get returns a column's field, "" where the row or the file has none.
func (f resultFields) get(column string) string {
	i := slices.Index(f.names, column)
	if i < 0 || i >= len(f.values) {
		return ""
	}
	return f.values[i]
}

// result leaves at zero what cannot be read as what it should be.
func (f resultFields) result(jobID int) Result {
	at, _ := time.Parse(time.RFC3339Nano, f.get("timestamp"))
	attempt, _ := strconv.Atoi(f.get("attempt"))
	seconds, _ := strconv.ParseFloat(f.get("duration_s"), 64)
	calls, _ := strconv.Atoi(f.get("model_calls"))
	cost, _ := strconv.ParseFloat(f.get("model_cost_usd"), 64)
	return Result{
		Time: at, JobID: jobID, Account: f.get(ColumnAccount), Video: f.get(ColumnVideo), Status: f.get("status"),
		Error: f.get("error"), ErrorClass: f.get("error_class"), WorkerID: f.get("worker_id"),
		Device: f.get("device"), Attempt: attempt, Duration: time.Duration(seconds * float64(time.Second)),
		ModelCalls: calls, ModelCostUSD: cost,
	}
}
