package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"postfleet/internal/config"
	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
	"postfleet/internal/recipe"
	"postfleet/orchestrator"
)

const (
	jobsFile   = "jobs.csv"
	postedFile = "posted.csv"
	mediaName  = "media"
)

// readJobs reads the data directory's jobs.csv.
func readJobs(dataDir string) (jobs.Input, error) {
	in, err := jobs.Read(filepath.Join(dataDir, jobsFile), filepath.Join(dataDir, mediaName))
	if errors.Is(err, fs.ErrNotExist) {
		return jobs.Input{}, fmt.Errorf("%w: put it there, or name another folder with --data-dir", err)
	}
	return in, err
}

// requireDataDir is for commands that look at what a run has left.
func requireDataDir(place config.Resolved) error {
	if info, err := os.Stat(place.Derived.DataDir); err != nil || !info.IsDir() {
		return fault.Errorf(fault.Input, "data_dir: %s is no folder: name another with --data-dir",
			place.Derived.DataDir)
	}
	return nil
}

// accountsOf returns the accounts of all jobs, each once, in file order.
func accountsOf(all []jobs.PostJob) []string {
	var accounts []string
	seen := map[string]bool{}
	for _, j := range all {
		if !seen[j.Account] {
			seen[j.Account] = true
			accounts = append(accounts, j.Account)
		}
	}
	return accounts
}

// loadFleet loads the configuration and reads the recipe it names: everything
// that can be wrong with it, at once.
func loadFleet(opts config.Options) (config.Resolved, error) {
	resolved, err := config.Load(opts)
	if err != nil {
		return config.Resolved{}, err
	}
	if _, err := recipe.Load(resolved.Recipe); err != nil {
		return config.Resolved{}, fmt.Errorf("recipe: %w", err)
	}
	return resolved, nil
}

// holdDataDir makes this the only orchestrator of the data directory.
func holdDataDir(dataDir string) (*filelock.Held, error) {
	lock, err := filelock.Hold(filepath.Join(dataDir, orchestrator.LockFile))
	if errors.Is(err, progress.ErrBusy) {
		return nil, fmt.Errorf("another orchestrator runs on %s: look at it with 'orchestrator status', "+
			"end it with 'orchestrator stop', both with --data-dir: %w", dataDir, err)
	}
	return lock, err
}
