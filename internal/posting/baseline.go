package posting

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"postfleet/internal/jobs"
)

const baselineFile = "baseline.json"

// baseline is the profile as it was before the composer was opened, on disk
// beside the artifacts: whoever verifies after a death needs it.
type baseline struct {
	JobID   int       `json:"job_id"`
	Account string    `json:"account_name"`
	At      time.Time `json:"at"`
	// Confirmed: the app said that the post is shared. The profile may be behind
	// then, so a post that is not there is no proof of anything.
	Confirmed bool `json:"confirmed,omitempty"`
	// Looked is when the profile was first read after the share tap may have
	// happened, zero for never: a later look goes on from there.
	Looked time.Time `json:"looked,omitzero"`
	reading
}

// readingOf and confirmed are those of no baseline for nil.
func (b *baseline) readingOf() *reading {
	if b == nil {
		return nil
	}
	return &b.reading
}

func (b *baseline) confirmed() bool { return b != nil && b.Confirmed }

// writeBaseline makes the baseline durable before it returns.
func writeBaseline(dir string, b baseline) error {
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return fmt.Errorf("encode baseline: %w", err)
	}
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	if err := replaceFile(filepath.Join(dir, baselineFile), append(text, '\n')); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	// The directories may be new as well: attempt-<n> in job-<id> in artifacts in data.
	for range 4 {
		if err := syncDir(dir); err != nil {
			return fmt.Errorf("write baseline: %w", err)
		}
		dir = filepath.Dir(dir)
	}
	return nil
}

// readBaseline returns the baseline in dir, or nil and why there is none that
// belongs to job.
func readBaseline(dir string, job jobs.PostJob) (*baseline, error) {
	text, err := os.ReadFile(filepath.Join(dir, baselineFile))
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	var b baseline
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	if b.JobID != job.ID || b.Account != job.Account || b.At.IsZero() {
		return nil, errors.New("read baseline: it belongs to another job")
	}
	return &b, nil
}

const (
	dirMode  = 0o755
	fileMode = 0o644
)

// replaceFile writes a file so that, whenever the machine stops, there is the
// old one or the new one.
func replaceFile(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(text); err != nil {
		return err
	}
	if err := f.Chmod(fileMode); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
