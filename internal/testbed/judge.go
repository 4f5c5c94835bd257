package testbed

import (
	"fmt"
	"strings"

	"postfleet/internal/progress"
)

// Findings are what the phones' posts say of a ledger.
type Findings struct {
	// Twice are posts beyond the first of a job, and posts that no job asked for.
	Twice []string
	// Lost are rows that were begun and did not come to an end, and jobs without
	// a row.
	Lost []string
	// Waiting are rows that nothing came of yet, and rows whose phone has still to
	// be looked at. Where a fleet was to do all its jobs they are lost; where it
	// was stopped they are as they should be.
	Waiting []string
	// Contradictions are rows whose status is not what the phones show.
	Contradictions []string
	// Unknown are rows of which the ledger says that nobody could tell, and why.
	Unknown []string
	// Success and Fail count the other rows that ended.
	Success, Fail int
}

// Judge holds the rows of a fleet that is down against its phones' posts. The
// job with id n asked for asked[n-1].
func Judge(rows []progress.Row, posts, asked []Post) Findings {
	seen := map[Post]int{}
	for _, p := range posts {
		seen[p]++
	}
	var f Findings
	with := map[int]bool{}
	for _, r := range rows {
		if r.ID < 1 || r.ID > len(asked) {
			f.Contradictions = append(f.Contradictions, fmt.Sprintf("row %d is no job's", r.ID))
			continue
		}
		with[r.ID] = true
		f.row(r, seen[asked[r.ID-1]])
	}
	for i, p := range asked {
		delete(seen, p)
		if !with[i+1] {
			f.Lost = append(f.Lost, fmt.Sprintf("job %d of %s has no row", i+1, p.Account))
		}
	}
	for p, n := range seen {
		f.Twice = append(f.Twice, fmt.Sprintf("%d posts of %s that no job asked for: %q", n, p.Account, p.Caption))
	}
	return f
}

// row judges one row that was posted n times.
func (f *Findings) row(r progress.Row, n int) {
	what := fmt.Sprintf("job %d of %s: %s, phase %q, %d posts: %s", r.ID, r.Account, r.Status, r.Phase, n, r.Error)
	if n > 1 {
		f.Twice = append(f.Twice, what)
	}
	switch {
	case r.Status == progress.StatusPending && (r.Phase != progress.PhaseNone || n == 0):
		f.Waiting = append(f.Waiting, what)
	case r.Status == progress.StatusClaimed, r.Status == progress.StatusPending:
		f.Lost = append(f.Lost, what)
	case r.Unknown():
		f.Unknown = append(f.Unknown, what)
	case (r.Status == progress.StatusSuccess) != (n > 0):
		f.Contradictions = append(f.Contradictions, what)
	case r.Status == progress.StatusSuccess:
		f.Success++
	default:
		f.Fail++
	}
}

// Unlooked counts the unknown rows that nobody has looked into: the phone was
// away, and could have been asked later.
func (f *Findings) Unlooked() int {
	n := 0
	for _, row := range f.Unknown {
		if !strings.Contains(row, "profile") && !strings.Contains(row, "workers died") {
			n++
		}
	}
	return n
}

// Add takes what was found of another fleet.
func (f *Findings) Add(o Findings) {
	f.Twice = append(f.Twice, o.Twice...)
	f.Lost = append(f.Lost, o.Lost...)
	f.Waiting = append(f.Waiting, o.Waiting...)
	f.Contradictions = append(f.Contradictions, o.Contradictions...)
	f.Unknown = append(f.Unknown, o.Unknown...)
	f.Success += o.Success
	f.Fail += o.Fail
}
