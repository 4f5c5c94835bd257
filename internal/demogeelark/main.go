// Command demogeelark runs a fleet of cloud phones end to end, on a simulated
// GeeLark, and proves what came of it: four workers post 24 jobs of eight
// accounts, each account on the phone of its name, and the cloud's own meter is
// held against the jobs.
//
//	go run ./internal/demogeelark -dir build/demo-geelark
//
// It leaves the data directory and report.json in the given directory, which it
// empties first, and exits 1 when a check does not hold. The cloud is a
// container beside the workers; its address must be reachable from this host,
// as it is on Linux.
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
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	cfg := config{stdout: os.Stdout, stderr: os.Stderr}
	flag.StringVar(&cfg.dir, "dir", "build/demo-geelark", "the directory that is emptied and used")
	flag.StringVar(&cfg.program, "orchestrator", "build/bin/orchestrator", "the orchestrator to run")
	flag.StringVar(&cfg.image, "image", "postfleet-worker:dev", "the image of workers and cloud")
	flag.Float64Var(&cfg.scale, "scale", 0.1, "what the cloud's times are multiplied by")
	flag.Uint64Var(&cfg.seed, "seed", 1, "where the cloud's chance comes from")
	flag.Parse()
	if err := run(ctx, cfg); err != nil {
		fmt.Fprintln(os.Stderr, "demo-geelark:", err)
		stop()
		os.Exit(1)
	}
}

// config is what the command line says.
type config struct {
	dir, program, image string
	scale               float64
	seed                uint64
	stdout, stderr      io.Writer
}
