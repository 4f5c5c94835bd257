package main

import (
	"fmt"

	"postfleet/internal/evidence"
)

const (
	// targetWorkers is how many workers the targets speak of.
	targetWorkers = 64
	// targetSource is the sentence that they come from (the issue of the fleet
	// that loses nothing).
	targetSource = "The orchestrator watching 64 workers (fake engine and real): ≤ 60 MB and ≤ 2 % of a core idle"
)

// targetTable is what the benchmark claims, for each engine.
type targetTable struct{ memory, processor evidence.Target }

func targets() targetTable {
	return targetTable{
		memory: evidence.Target{
			Name: "resident memory: megabytes", Op: evidence.AtMost, Value: 60, Source: targetSource,
		},
		processor: evidence.Target{
			Name: "processor: % of a core", Op: evidence.AtMost, Value: 2, Source: targetSource,
		},
	}
}

// on returns the targets as they are claimed for one engine.
func (t targetTable) on(engine string) targetTable {
	for _, target := range []*evidence.Target{&t.memory, &t.processor} {
		target.Name = fmt.Sprintf("watching %d idle workers, %s engine, %s", targetWorkers, engine, target.Name)
	}
	return t
}
