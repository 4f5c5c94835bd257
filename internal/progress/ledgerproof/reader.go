package ledgerproof

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"postfleet/internal/jobs"
)

// readerScript is the other program: it shares nothing with ours, and reads
// CSV as its own language does.
//
//go:embed reader.py
var readerScript string

// reads are what the other program saw.
type reads struct {
	Reads      int      `json:"reads"`
	Unreadable int      `json:"unreadable"`
	Back       int      `json:"back"`
	Problems   []string `json:"problems"`
	// Rows are those of the last reading.
	Rows []struct {
		Status    string `json:"status"`
		Timestamp string `json:"timestamp"`
	} `json:"rows"`
}

// reader is the other program while it runs.
type reader struct {
	cmd    *exec.Cmd
	ask    io.WriteCloser
	seen   *json.Decoder
	stderr bytes.Buffer
}

// beginReader starts the other program on the ledger in dir, whose rows have
// the given jobs. The caller calls end.
func beginReader(ctx context.Context, dir string, all []jobs.PostJob) (*reader, error) {
	python, err := exec.LookPath("python3")
	if err != nil {
		return nil, fmt.Errorf("the proof reads progress.csv with Python 3, and there is none: "+
			"install python3 (internal/setup/packages.sh python3): %w", err)
	}
	inputs := make([][3]string, len(all))
	for i, j := range all {
		inputs[i] = [3]string{j.Account, j.Video, j.Caption}
	}
	text, err := json.Marshal(inputs)
	if err != nil {
		return nil, fmt.Errorf("write inputs: %w", err)
	}
	path := filepath.Join(dir, "inputs.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, fmt.Errorf("write inputs: %w", err)
	}
	//nolint:gosec // the script is ours
	r := &reader{cmd: exec.CommandContext(ctx, python, "-I", "-c", readerScript,
		filepath.Join(dir, "progress.csv"), path)}
	r.cmd.Stderr = &r.stderr
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("begin reader: %w", err)
	}
	r.seen = json.NewDecoder(out)
	if r.ask, err = r.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("begin reader: %w", err)
	}
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("begin reader: %w", err)
	}
	if _, err := r.look(); err != nil {
		return nil, errors.Join(err, r.cmd.Wait())
	}
	return r, nil
}

// look lets the program read once more and returns what it has seen.
func (r *reader) look() (reads, error) {
	var seen reads
	_, err := r.ask.Write([]byte("\n"))
	if err := errors.Join(err, r.seen.Decode(&seen)); err != nil {
		return reads{}, fmt.Errorf("read progress.csv with python3: %w: %s", err, r.stderr.Bytes())
	}
	return seen, nil
}

// end lets the program read for the last time and returns what it saw.
func (r *reader) end() (reads, error) {
	var seen reads
	err := r.ask.Close()
	decodeErr := r.seen.Decode(&seen)
	if err := errors.Join(err, decodeErr, r.cmd.Wait()); err != nil {
		return reads{}, fmt.Errorf("read progress.csv with python3: %w: %s", err, r.stderr.Bytes())
	}
	return seen, nil
}
