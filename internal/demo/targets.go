package main

import "postfleet/internal/evidence"

// The demo's targets, each with the sentence it comes from: "make demo on a
// fresh clone: 3 workers, 12 jobs over 6 accounts …" (the issue that built the
// main job).
var ( //nolint:gochecknoglobals // a table of constants
	targetExit = evidence.Target{
		Name: "exit code", Op: evidence.Exactly, Value: 0, Source: "exit 0",
	}
	targetSuccess = evidence.Target{
		Name: "rows that are not success", Op: evidence.Exactly, Value: 0, Source: "every row success",
	}
	targetJobs = evidence.Target{
		Name: "rows in the ledger", Op: evidence.Exactly, Value: 12, Source: "12 jobs over 6 accounts",
	}
	targetWorkers = evidence.Target{
		Name: "worker ids", Op: evidence.AtLeast, Value: 2, Source: "at least 2 worker ids",
	}
	targetResults = evidence.Target{
		Name: "jobs without exactly one results row", Op: evidence.Exactly, Value: 0, Source: "results.csv one row per job",
	}
	targetOnce = evidence.Target{
		Name: "jobs not posted exactly once", Op: evidence.Exactly, Value: 0,
		Source: "posts.json holds each job's caption and video SHA-256 exactly once",
	}
	targetPosts = evidence.Target{
		Name: "posts on all phones", Op: evidence.Exactly, Value: 12, Source: "posts.json … exactly once",
	}
	targetContainers = evidence.Target{
		Name: "containers left", Op: evidence.Exactly, Value: 0, Source: "nothing of it still running afterwards",
	}
	targetNetworks = evidence.Target{
		Name: "networks left", Op: evidence.Exactly, Value: 0, Source: "nothing of it still running afterwards",
	}
	targetSecondExit = evidence.Target{
		Name: "second run: exit code", Op: evidence.Exactly, Value: 0,
		Source: "Second run of the same directory: nothing to do, exit 0",
	}
	targetSecondTime = evidence.Target{
		Name: "second run: seconds", Op: evidence.AtMost, Value: 3, Source: "under 3 s",
	}
)
