package main

import "postfleet/internal/evidence"

// targetTable is what the demo claims.
type targetTable struct {
	exit, success, jobs, workers, results, once,
	posts, containers, networks, secondExit, secondTime evidence.Target
}

// targets are the demo's claims, each with the sentence it comes from: "make
// demo on a fresh clone: 3 workers, 12 jobs over 6 accounts …" (the issue that
// built the main job).
func targets() targetTable {
	return targetTable{
		exit: evidence.Target{
			Name: "exit code", Op: evidence.Exactly, Value: 0,
			Source: "exit 0",
		},
		success: evidence.Target{
			Name: "rows that are not success", Op: evidence.Exactly, Value: 0,
			Source: "every row success",
		},
		jobs: evidence.Target{
			Name: "rows in the ledger", Op: evidence.Exactly, Value: 12,
			Source: "12 jobs over 6 accounts",
		},
		workers: evidence.Target{
			Name: "worker ids", Op: evidence.AtLeast, Value: 2,
			Source: "at least 2 worker ids",
		},
		results: evidence.Target{
			Name: "jobs without exactly one results row", Op: evidence.Exactly, Value: 0,
			Source: "results.csv one row per job",
		},
		once: evidence.Target{
			Name: "jobs not posted exactly once", Op: evidence.Exactly, Value: 0,
			Source: "posts.json holds each job's caption and video SHA-256 exactly once",
		},
		posts: evidence.Target{
			Name: "posts on all phones", Op: evidence.Exactly, Value: 12,
			Source: "posts.json … exactly once",
		},
		containers: evidence.Target{
			Name: "containers left", Op: evidence.Exactly, Value: 0,
			Source: "nothing of it still running afterwards",
		},
		networks: evidence.Target{
			Name: "networks left", Op: evidence.Exactly, Value: 0,
			Source: "nothing of it still running afterwards",
		},
		secondExit: evidence.Target{
			Name: "second run: exit code", Op: evidence.Exactly, Value: 0,
			Source: "Second run of the same directory: nothing to do, exit 0",
		},
		secondTime: evidence.Target{
			Name: "second run: seconds", Op: evidence.AtMost, Value: 3,
			Source: "under 3 s",
		},
	}
}
