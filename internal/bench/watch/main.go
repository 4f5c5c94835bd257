// Command watch measures what the orchestrator takes while it watches 64 workers
// that have nothing to do, and holds it to its targets.
//
//	go run ./internal/bench/watch
//
// Once the real orchestrator watches real workers on the Docker engine: each in
// its container with its health check, its adb server, and its phone connected.
// What they do not have, unless -appium is given, is Appium: a stand-in answers
// for it, because a small host cannot start 64 of them. The phones are
// simulated, all in one container without health checks. And once the
// orchestrator's core runs in a process of its own with an engine in memory,
// whose share is in the figures.
//
// Idle means that every row waits for its not_before: the ledger's version is
// the same before and after, and so are the containers, all of them healthy.
// Memory is VmRSS and VmHWM, processor time utime + stime, both as /proc has
// them of the orchestrator's process.
//
// It leaves build/bench/watch.json and exits 1 when a check does not hold.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if dir := os.Getenv(envFake); dir != "" {
		exit(stop, fakeFleet(ctx, dir, os.Stdin, os.Stdout))
		return
	}
	cfg := config{stdout: os.Stdout, stderr: os.Stderr}
	flag.StringVar(&cfg.report, "report", "build/bench/watch.json", "where the report goes")
	flag.StringVar(&cfg.dir, "dir", "build/bench", "a folder; what is made in it is removed afterwards")
	flag.StringVar(&cfg.program, "orchestrator", "build/bin/orchestrator", "the orchestrator that watches")
	flag.StringVar(&cfg.image, "image", "postfleet-worker:dev", "the workers' image")
	flag.BoolVar(&cfg.appium, "appium", false, "have the workers start the real Appium")
	flag.IntVar(&cfg.workers, "workers", targetWorkers, "how many workers")
	flag.DurationVar(&cfg.span, "span", 90*time.Second, "how long is measured")
	flag.DurationVar(&cfg.settle, "settle", 20*time.Second, "how long the fleet is left alone before")
	flag.Parse()
	exit(stop, run(ctx, cfg))
}

func exit(stop func(), err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "bench-watch:", err)
	stop()
	os.Exit(1)
}

// config is what the command line says.
type config struct {
	report, dir, program, image string
	appium                      bool
	workers                     int
	span, settle                time.Duration
	stdout, stderr              io.Writer
}
