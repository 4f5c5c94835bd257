package main

import (
	"fmt"
	"strings"

	"postfleet/internal/progress"
)

// post is what names a post: no two jobs may agree in it.
type post struct {
	Account string `json:"account"`
	Caption string `json:"caption"`
}

// findings are what the phones' posts say of a ledger.
type findings struct {
	// Twice are posts beyond the first of a job, and posts that no job asked for.
	Twice []string
	// Lost are rows that neither ended nor wait.
	Lost []string
	// Contradictions are rows whose status is not what the phones show.
	Contradictions []string
	// Unknown are rows of which the ledger says that nobody could tell.
	Unknown []string
}

// judge holds the rows of a fleet that is down against its phones' posts. asked
// is how many jobs there were.
func judge(rows []progress.Row, posts []post, asked int) findings {
	seen := map[post]int{}
	for _, p := range posts {
		seen[p]++
	}
	var f findings
	for _, r := range rows {
		key := post{Account: r.Account, Caption: r.Caption}
		n := seen[key]
		delete(seen, key)
		f.row(r, n)
	}
	for p, n := range seen {
		f.Twice = append(f.Twice, fmt.Sprintf("%d posts of %s that no job asked for", n, p.Account))
	}
	for range asked - len(rows) {
		f.Lost = append(f.Lost, "a job has no row")
	}
	return f
}

// row judges one row that was posted n times.
func (f *findings) row(r progress.Row, n int) {
	what := fmt.Sprintf("job %d of %s: %s, phase %q, %d posts", r.ID, r.Account, r.Status, r.Phase, n)
	if n > 1 {
		f.Twice = append(f.Twice, what)
	}
	unknown := r.Status == progress.StatusFail && strings.HasPrefix(r.Error, progress.UnknownPrefix)
	switch {
	case r.Status == progress.StatusClaimed:
		f.Lost = append(f.Lost, what)
	case unknown:
		f.Unknown = append(f.Unknown, what+": "+r.Error)
	case r.Status == progress.StatusPending && r.Phase != progress.PhaseNone:
		// It waits for a verification, which finds out.
	case (r.Status == progress.StatusSuccess) != (n > 0):
		f.Contradictions = append(f.Contradictions, what)
	}
}
