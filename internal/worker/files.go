package worker

import (
	"cmp"
	"fmt"
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

// extra returns the job's columns that the ledger does not have, when jobs.csv
// is there and still has the job as it was claimed.
func (f files) extra(j jobs.PostJob) (map[string]string, error) {
	path := filepath.Join(f.dir, "jobs.csv")
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	in, err := jobs.Read(path, f.media())
	if err != nil {
		return nil, fmt.Errorf("read extra columns: %w", err)
	}
	if j.ID > len(in.Jobs) {
		return nil, nil
	}
	if found := in.Jobs[j.ID-1]; cmp.Or(
		cmp.Compare(found.Account, j.Account), cmp.Compare(found.Video, j.Video), cmp.Compare(found.Caption, j.Caption),
	) == 0 {
		return found.Extra, nil
	}
	return nil, nil
}
