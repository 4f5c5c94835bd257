package main

import (
	"fmt"

	"postfleet/internal/evidence"
)

// targetSeedRows is how many rows the seeding targets speak of.
const targetSeedRows = 1_000_000

// The cells that the targets speak of.
const (
	smallRows, middleRows, largeRows = 100, 10_000, 100_000
	fewProcesses, manyProcesses      = 4, 8
)

// targetTable is what the benchmark claims. Those of cycles are claimed for
// several cells each.
type targetTable struct {
	sqlite, large, raw, even         evidence.Target
	doubled, reissued, lost          evidence.Target
	seedTime, seedMemory, statusTime evidence.Target
}

// targets are the benchmark's claims, each with the sentence it comes from
// (the issue of the journaled ledger).
func targets() targetTable {
	return targetTable{
		sqlite: evidence.Target{
			Name: "ledger ÷ SQLite FULL", Op: evidence.AtLeast, Value: 1.5,
			Source: "At 4 and 8 processes: at least 1.5 × SQLite FULL at every size",
		},
		large: evidence.Target{
			Name: "ledger, 100000 rows ÷ 100 rows", Op: evidence.AtLeast, Value: 0.85,
			Source: "100,000 rows at least 0.85 × 100 rows",
		},
		raw: evidence.Target{
			Name: "ledger ÷ raw limit", Op: evidence.AtLeast, Value: 0.8,
			Source: "at least 0.8 of half the raw limit's appends",
		},
		even: evidence.Target{
			Name: "ledger, least ÷ mean of the processes", Op: evidence.AtLeast, Value: 0.5,
			Source: "the spread between processes … (no process below half of the mean)",
		},
		doubled: evidence.Target{
			Name: "rows held by two processes at once", Op: evidence.Exactly, Value: 0,
			Source: "no job claimed twice at once",
		},
		reissued: evidence.Target{
			Name: "claims given out twice", Op: evidence.Exactly, Value: 0,
			Source: "no job claimed twice at once",
		},
		lost: evidence.Target{
			Name: "claims lost by living processes", Op: evidence.Exactly, Value: 0,
			Source: "none lost",
		},
		seedTime: evidence.Target{
			Name: "seeding 1000000 rows: seconds", Op: evidence.AtMost, Value: 10,
			Source: "Seeding 1,000,000 rows in under 10 s",
		},
		seedMemory: evidence.Target{
			Name: "seeding 1000000 rows: megabytes", Op: evidence.AtMost, Value: 600,
			Source: "and 600 MB",
		},
		statusTime: evidence.Target{
			Name: "status of 1000000 rows: seconds", Op: evidence.AtMost, Value: 2,
			Source: "status on it in under 2 s",
		},
	}
}

// in returns the target as it is claimed for one cell.
func in(t evidence.Target, processes, rows int) evidence.Target {
	t.Name = fmt.Sprintf("%s: %d processes, %d rows", t.Name, processes, rows)
	return t
}
