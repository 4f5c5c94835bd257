package orchestrator

import (
	"errors"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/workerimage"
)

// Counts are the ledger's rows by status.
type Counts struct {
	Total   int `json:"total"`
	Pending int `json:"pending"`
	Claimed int `json:"claimed"`
	Success int `json:"success"`
	Fail    int `json:"fail"`
	Skip    int `json:"skip"`
	// Unknown is the part of Fail of which nobody could tell the outcome.
	Unknown int `json:"unknown"`
}

// Count counts rows.
func Count(rows []progress.Row) Counts {
	c := Counts{Total: len(rows)}
	for i := range rows {
		switch r := &rows[i]; r.Status {
		case progress.StatusPending:
			c.Pending++
		case progress.StatusClaimed:
			c.Claimed++
		case progress.StatusSuccess:
			c.Success++
		case progress.StatusSkip:
			c.Skip++
		case progress.StatusFail:
			c.Fail++
			if r.Unknown() {
				c.Unknown++
			}
		}
	}
	return c
}

// Open is how many rows still have to come to an end.
func (c Counts) Open() int { return c.Pending + c.Claimed }

// exitCode is what the orchestrator exits with when nothing else went wrong.
func (c Counts) exitCode() int {
	switch {
	case c.Open() > 0:
		return workerimage.ExitPending
	case c.Fail > 0:
		return workerimage.ExitFailed
	default:
		return workerimage.ExitDone
	}
}

// Report is what a run came to.
type Report struct {
	Jobs  Counts
	Slots []SlotState
	// Drained is set when the run was told to end.
	Drained   bool
	StartedAt time.Time
	Duration  time.Duration
	// Phones are cloud phones that could not be stopped. They make the exit code
	// ExitError, but for ExitLedger.
	Phones []CloudPhone
	// ExitCode is workerimage.ExitDone, ExitFailed or ExitPending; ExitLedger
	// or ExitError when Run returns an error other than ErrGaveUp.
	ExitCode int
}

// exitCodeOf is the exit code of a run that counted jobs and ended with err.
func exitCodeOf(jobs Counts, err error) int {
	switch {
	case fault.Is(err, fault.Ledger):
		return workerimage.ExitLedger
	case errors.Is(err, ErrPhonesLeft):
		return workerimage.ExitError
	case err == nil, errors.Is(err, ErrGaveUp):
		return jobs.exitCode()
	default:
		return workerimage.ExitError
	}
}
