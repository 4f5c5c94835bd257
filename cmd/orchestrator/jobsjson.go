package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"postfleet/internal/progress"
)

// jobJSON is a row as JSON has it: the columns of progress.csv, and deaths.
// Every key is always there; a time is null where there is none.
type jobJSON struct {
	ID        int        `json:"job_id"`
	Account   string     `json:"account_name"`
	Video     string     `json:"video_path"`
	Caption   string     `json:"caption"`
	Status    string     `json:"status"`
	WorkerID  string     `json:"worker_id"`
	Time      *time.Time `json:"timestamp"`
	Error     string     `json:"error"`
	Attempts  int        `json:"attempts"`
	Phase     string     `json:"phase"`
	NotBefore *time.Time `json:"not_before"`
	Deaths    int        `json:"deaths"`
}

func jobJSONOf(r *progress.Row) jobJSON {
	return jobJSON{
		ID: r.ID, Account: r.Account, Video: r.Video, Caption: r.Caption, Status: string(r.Status),
		WorkerID: r.WorkerID, Time: timeJSON(r.Time), Error: r.Error, Attempts: r.Attempts,
		Phase: string(r.Phase), NotBefore: timeJSON(r.NotBefore), Deaths: r.Deaths,
	}
}

func timeJSON(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}

// writeJobsJSON writes an array with one job a line.
func writeJobsJSON(out io.Writer, rows []*progress.Row) error {
	buffered := bufio.NewWriter(out)
	var one bytes.Buffer
	encoder := json.NewEncoder(&one)
	encoder.SetEscapeHTML(false)
	before := "[\n"
	for _, r := range rows {
		one.Reset()
		if err := encoder.Encode(jobJSONOf(r)); err != nil {
			return fmt.Errorf("print the jobs: %w", err)
		}
		_, _ = buffered.WriteString(before) // Flush has the error
		_, _ = buffered.Write(bytes.TrimSuffix(one.Bytes(), []byte("\n")))
		before = ",\n"
	}
	end := "\n]\n"
	if len(rows) == 0 {
		end = "[]\n"
	}
	_, _ = buffered.WriteString(end)
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("print the jobs: %w", err)
	}
	return nil
}
