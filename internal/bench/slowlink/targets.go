package main

import (
	"time"

	"postfleet/internal/evidence"
)

const (
	// targetRTT is the link that the target speaks of, targetPosts the fewest posts
	// whose median counts.
	targetRTT   = 150 * time.Millisecond
	targetPosts = 5
	// targetSource is the sentence that the targets come from (the issue of finding
	// the way on any screen).
	targetSource = "WebDriver commands and wall time per post at 0, 50 and 150 ms RTT beside a client that finds " +
		"each element by its own call and opens a session per job, in the same run: at 150 ms at most half its time."
)

// targetTable is what the benchmark claims.
type targetTable struct{ share, right evidence.Target }

func targets() targetTable {
	return targetTable{
		share: evidence.Target{
			Name: "wall time per post at 150 ms RTT: share of the other client's", Op: evidence.AtMost, Value: 0.5,
			Source: targetSource,
		},
		right: evidence.Target{
			Name: "posts that are not on the phones as the jobs have them, once", Op: evidence.Exactly, Value: 0,
			Source: "both clients did the work",
		},
	}
}
