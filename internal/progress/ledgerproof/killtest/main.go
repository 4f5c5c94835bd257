// Command killtest runs the kill proof of the ledger at its full length, on a
// real disk, and writes down what it found.
//
//	go run ./internal/progress/ledgerproof/killtest -kills 300
//
// It leaves the data directory and report.json in the given directory, and
// exits 1 when a check does not hold. The same seed draws the same kills; what
// the processes have done by then differs from run to run.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"postfleet/internal/progress/ledgerproof"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := command(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "kill-test:", err)
		stop()
		os.Exit(1)
	}
}

// command is the whole program, which is also its own worker processes.
func command(ctx context.Context) error {
	if ran, err := ledgerproof.Child(ctx); ran || err != nil {
		return err
	}
	cfg := config{stdout: os.Stdout}
	flag.StringVar(&cfg.dir, "dir", "build/kill-test", "where the data directory and the report go, on a real disk")
	flag.IntVar(&cfg.proof.Kills, "kills", 300, "how many processes are killed")
	flag.IntVar(&cfg.proof.Processes, "processes", 8, "how many there are at a time")
	flag.IntVar(&cfg.proof.Rows, "rows", 0, "how many jobs they have; 0 is three for two kills")
	flag.DurationVar(&cfg.proof.JobTime, "job", 60*time.Millisecond, "about what a job takes")
	flag.DurationVar(&cfg.proof.CallTime, "call", 3*time.Millisecond, "about what a call of the ledger takes there")
	flag.Int64Var(&cfg.seed, "seed", 0, "where kills are drawn from; 0 is a new one")
	flag.DurationVar(&cfg.timeout, "timeout", 10*time.Minute, "how long all may take")
	flag.Parse()
	if cfg.seed == 0 {
		cfg.seed = 1 + rand.Int64N(1<<31)
	}
	if cfg.proof.Rows == 0 {
		cfg.proof.Rows = cfg.proof.Kills * 3 / 2
	}
	return run(ctx, cfg)
}

// config is what the command line says.
type config struct {
	dir     string
	proof   ledgerproof.Config
	seed    int64
	timeout time.Duration
	stdout  io.Writer
}
