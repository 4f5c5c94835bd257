package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
)

// envProgram makes the test binary an orchestrator that has so many jobs.
const envProgram = "POSTFLEET_TEST_ORCHESTRATOR"

// The test binary is also the processes that are measured, and the orchestrator.
func TestMain(m *testing.M) {
	if order := os.Getenv(envOrder); order != "" {
		if err := work(context.Background(), order, os.Stdin, os.Stdout); err != nil {
			panic(err)
		}
		return
	}
	if jobs := os.Getenv(envProgram); jobs != "" {
		if slices.Contains(os.Args, "status") {
			fmt.Fprintf(os.Stdout, `{"jobs":{"total":%s,"pending":%s}}`, jobs, jobs)
		}
		return
	}
	// The race detector's second of sleep at the end of a process, of each of the many.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	m.Run()
}
