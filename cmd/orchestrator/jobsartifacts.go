package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/jobs"
)

// artifactDir is what one attempt left.
type artifactDir struct {
	Attempt int            `json:"attempt"`
	Path    string         `json:"path"`
	Files   []artifactFile `json:"files"`
}

type artifactFile struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

const attemptPrefix = "attempt-"

// readArtifacts returns what the attempts of a job left, in their order. It is
// never nil.
func readArtifacts(dataDir string, jobID int) ([]artifactDir, error) {
	root := filepath.Join(dataDir, artifactsName, "job-"+strconv.Itoa(jobID))
	dirs := []artifactDir{}
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read artifacts: %w", err)
	}
	for _, e := range entries {
		number, isAttempt := strings.CutPrefix(e.Name(), attemptPrefix)
		attempt, err := strconv.Atoi(number)
		if !isAttempt || err != nil || !e.IsDir() {
			continue
		}
		dir := artifactDir{Attempt: attempt, Path: filepath.Join(root, e.Name())}
		if dir.Files, err = readFiles(dir.Path); err != nil {
			return nil, fmt.Errorf("read artifacts: %w", err)
		}
		dirs = append(dirs, dir)
	}
	slices.SortFunc(dirs, func(a, b artifactDir) int { return cmp.Compare(a.Attempt, b.Attempt) })
	return dirs, nil
}

func readFiles(dir string) ([]artifactFile, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := []artifactFile{}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) { // a worker tidied up meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		files = append(files, artifactFile{Name: e.Name(), Bytes: info.Size()})
	}
	return files, nil
}

// resultJSON is an attempt as JSON has it: the columns of results.csv that are
// not the job's.
type resultJSON struct {
	Time         *time.Time `json:"timestamp"`
	Status       string     `json:"status"`
	Error        string     `json:"error"`
	ErrorClass   string     `json:"error_class"`
	WorkerID     string     `json:"worker_id"`
	Device       string     `json:"device"`
	Attempt      int        `json:"attempt"`
	DurationS    float64    `json:"duration_s"`
	ModelCalls   int        `json:"model_calls"`
	ModelCostUSD float64    `json:"model_cost_usd"`
}

// resultsJSON is never nil.
func resultsJSON(results []jobs.Result) []resultJSON {
	list := make([]resultJSON, len(results))
	for i, r := range results {
		list[i] = resultJSON{
			Time: timeJSON(r.Time), Status: r.Status, Error: r.Error, ErrorClass: r.ErrorClass,
			WorkerID: r.WorkerID, Device: r.Device, Attempt: r.Attempt, DurationS: r.Duration.Seconds(),
			ModelCalls: r.ModelCalls, ModelCostUSD: r.ModelCostUSD,
		}
	}
	return list
}
