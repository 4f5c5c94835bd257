package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// seeding is what seed did.
type seeding struct {
	progress.Seeded
	// Duplicates are those of Skipped whose video the account had posted before.
	Duplicates int
	// Unreadable counts the lines of posted.csv that say nothing.
	Unreadable int
}

// seed makes or extends the ledger. Nothing is written when a job that it has
// changed, or when it is damaged. The videos of new rows are looked at: a row
// whose video cannot be read, or was posted for the account before, is skipped
// from the start.
func seed(ctx context.Context, ledger progress.Ledger, dataDir string, in jobs.Input) (seeding, error) {
	rows, err := ledger.Snapshot(ctx)
	if err != nil {
		return seeding{}, err
	}
	have := min(len(rows), len(in.Jobs))
	skip := in.MissingVideos(have)
	repeats, unreadable, err := findRepeats(ctx, dataDir, in.Jobs[have:], skip)
	if err != nil {
		return seeding{}, err
	}
	done, err := ledger.Seed(ctx, in.Jobs, skip)
	if fault.Is(err, fault.Input) {
		return seeding{}, fmt.Errorf("%s: %w", filepath.Join(dataDir, jobsFile), err)
	}
	if err != nil {
		return seeding{}, err
	}
	result := seeding{Seeded: done, Unreadable: unreadable}
	for _, id := range repeats {
		if id > done.Total-done.Added { // nobody else has seeded it meanwhile
			result.Duplicates++
		}
	}
	return result, nil
}

// findRepeats adds to skip the jobs whose video was posted for their account
// before, and returns their ids. Only an account that has posted can have
// posted a video before, so only its videos are read, each file once.
func findRepeats(
	ctx context.Context, dataDir string, js []jobs.PostJob, skip map[int]string,
) (ids []int, unreadable int, err error) {
	accounts := sync.OnceValue(func() map[string]bool {
		set := make(map[string]bool)
		for _, j := range js {
			set[j.Account] = true
		}
		return set
	})
	log, err := jobs.ReadPosted(filepath.Join(dataDir, postedFile),
		func(account string) bool { return accounts()[account] })
	if err != nil {
		return nil, 0, err
	}
	sums := make(map[string]string)
	for _, j := range js {
		if _, skipped := skip[j.ID]; skipped || j.AllowRepeat || !log.Has(j.Account) {
			continue
		}
		sum, ok := sums[j.Video]
		if !ok {
			if sum, err = hashVideo(ctx, dataDir, j.Video); err != nil {
				return nil, 0, err
			}
			sums[j.Video] = sum
		}
		if before, ok := log.Find(j.Account, sum); ok {
			skip[j.ID] = before.Repeat()
			ids = append(ids, j.ID)
		}
	}
	return ids, log.Unreadable, nil
}

func hashVideo(ctx context.Context, dataDir, video string) (string, error) {
	path, err := jobs.ResolveVideo(filepath.Join(dataDir, mediaName), video)
	if err != nil {
		return "", err
	}
	return jobs.HashVideo(ctx, path)
}
