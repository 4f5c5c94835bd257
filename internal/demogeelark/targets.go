package main

import "postfleet/internal/evidence"

// targetTable is what the demo claims.
type targetTable struct {
	exit, success, posts, once, running, shared, foreign, cost, limit, booked evidence.Target
}

// targets are the demo's claims, each with the sentence it comes from: "make
// demo-geelark: 4 workers over 8 simulated cloud phones by account, 24 jobs;
// exit 0; …" (the issue of real devices).
func targets() targetTable {
	return targetTable{
		exit: evidence.Target{Name: "exit code", Op: evidence.Exactly, Value: 0, Source: "exit 0"},
		success: evidence.Target{
			Name: "rows that are success", Op: evidence.Exactly, Value: jobs, Source: "24 jobs; exit 0",
		},
		posts: evidence.Target{
			Name: "posts on all phones", Op: evidence.Exactly, Value: jobs, Source: "24 jobs",
		},
		once: evidence.Target{
			Name: "jobs not posted exactly once", Op: evidence.Exactly, Value: 0, Source: "publishes every row once",
		},
		running: evidence.Target{
			Name: "phones running afterwards", Op: evidence.Exactly, Value: 0,
			Source: "/meter shows no phone running afterwards",
		},
		shared: evidence.Target{
			Name: "runs of a phone with two workers", Op: evidence.Exactly, Value: 0,
			Source: "none ever run by two workers",
		},
		foreign: evidence.Target{
			Name: "starts of running phones, stops of others' phones", Op: evidence.Exactly, Value: 0,
			Source: "phones others use are never stopped",
		},
		cost: evidence.Target{
			Name: "running seconds by job times and starts", Op: evidence.AtMost, Value: 1.25,
			Source: "total running seconds ≤ 1.25 × the sum of job times + starts",
		},
		limit: evidence.Target{
			Name: "most requests of one API in a minute", Op: evidence.AtMost, Value: 200,
			Source: "rate limits never exceeded",
		},
		booked: evidence.Target{
			Name: "phones in the book afterwards", Op: evidence.Exactly, Value: 0,
			Source: "never leave a phone running",
		},
	}
}
