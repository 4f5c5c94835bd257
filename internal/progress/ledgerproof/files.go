package ledgerproof

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"postfleet/internal/progress"
)

// posts are the posts that workers made: posts/<job>/<a name of its own>, one
// file for each tap, so that a second tap shows.
type posts struct{ dir string }

func (p posts) of(job int) string { return filepath.Join(p.dir, "posts", strconv.Itoa(job)) }

func (p posts) post(job int) error {
	if err := os.MkdirAll(p.of(job), 0o755); err != nil {
		return fmt.Errorf("post job %d: %w", job, err)
	}
	f, err := os.CreateTemp(p.of(job), "post-*")
	if err != nil {
		return fmt.Errorf("post job %d: %w", job, err)
	}
	return f.Close()
}

func (p posts) count(job int) (int, error) {
	made, err := os.ReadDir(p.of(job))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("count posts of job %d: %w", job, err)
	}
	return len(made), nil
}

// kept is a worker's last claim, in a file that outlives it.
type kept struct{ path string }

func keptBy(a assignment) kept {
	return kept{path: filepath.Join(a.Dir, "kept-"+a.Worker+".json")}
}

// save replaces the file whole: the process may be killed in it.
func (k kept) save(c progress.Claim) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("keep claim: %w", err)
	}
	next := k.path + ".next"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return fmt.Errorf("keep claim: %w", err)
	}
	return os.Rename(next, k.path)
}

// load returns no claim when none was kept.
func (k kept) load() (progress.Claim, error) {
	text, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return progress.Claim{}, nil
	}
	if err != nil {
		return progress.Claim{}, fmt.Errorf("load kept claim: %w", err)
	}
	var c progress.Claim
	if err := json.Unmarshal(text, &c); err != nil {
		return progress.Claim{}, fmt.Errorf("load kept claim: %w", err)
	}
	return c, nil
}
