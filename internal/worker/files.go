package worker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"postfleet/internal/jobs"
)

// files are what a worker reads and writes in the data directory, beside the
// ledger.
type files struct{ dir string }

func (f files) media() string   { return filepath.Join(f.dir, "media") }
func (f files) results() string { return filepath.Join(f.dir, "results.csv") }
func (f files) posted() string  { return filepath.Join(f.dir, "posted.csv") }

// shutdown reports whether the file that drains the whole fleet is there.
func (f files) shutdown() bool {
	_, err := os.Stat(filepath.Join(f.dir, "shutdown"))
	return err == nil
}

func (f files) artifacts(job, attempt int) string {
	return filepath.Join(f.dir, "artifacts", "job-"+strconv.Itoa(job), "attempt-"+strconv.Itoa(attempt))
}

// lastArtifacts is the directory of the newest attempt that has one, which is
// the attempt that may have posted: looking for its post makes none.
func (f files) lastArtifacts(job, attempt int) string {
	for n := attempt; n > 0; n-- {
		if _, err := os.Stat(f.artifacts(job, n)); err == nil {
			return f.artifacts(job, n)
		}
	}
	return f.artifacts(job, attempt)
}

// complete returns the job with what the ledger does not have of it, when
// jobs.csv is there and still has the job as it was claimed.
func (f files) complete(j jobs.PostJob) (jobs.PostJob, error) {
	found, ok, err := jobs.ReadJob(filepath.Join(f.dir, "jobs.csv"), f.media(), j.ID)
	if errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
	if err != nil {
		return j, fmt.Errorf("read the columns that the ledger does not have: %w", err)
	}
	if ok && found.Account == j.Account && found.Video == j.Video && found.Caption == j.Caption {
		return found, nil
	}
	return j, nil
}
