// Command demo runs the main job end to end and proves what came of it: three
// workers post twelve jobs over six accounts to simulated phones, and the
// phones' own record of what was posted is held against the spreadsheet.
//
//	go run ./internal/demo -dir build/demo
//
// It leaves the data directory and report.json in the given directory, and
// exits 1 when a check does not hold. Run again on the same directory there is
// nothing left to do, and the same checks are made.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg := config{stdout: os.Stdout, stderr: os.Stderr}
	flag.StringVar(&cfg.dir, "dir", "build/demo", "the data directory; report.json is left in it")
	flag.StringVar(&cfg.program, "orchestrator", "build/bin/orchestrator", "the orchestrator to run")
	flag.StringVar(&cfg.inputs, "inputs", "testdata/demo", "the folder of jobs.csv and media")
	flag.IntVar(&cfg.workers, "workers", 3, "how many workers")
	flag.Parse()
	if err := run(ctx, cfg); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1)
	}
}

// config is what the command line says.
type config struct {
	dir, program, inputs string
	workers              int
	stdout, stderr       io.Writer
}
