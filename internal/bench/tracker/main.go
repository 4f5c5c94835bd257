// Command tracker measures what Postfleet's ledger does a second, beside other
// ways of keeping a list of jobs, all in one run on one disk, and holds it to
// its targets.
//
//	go run ./internal/bench/tracker
//
// One cycle is what a worker does to the ledger for one job at the least: it
// claims a row and ends the claim, each durable before the call returns. 1, 4
// and 8 operating-system processes do nothing else for a little over a second,
// on lists of 100, 10,000 and 100,000 rows. A row is put back to pending and
// not ended as a success: both are one transition that is written and flushed,
// and so the list never runs dry. All processes then want the first rows, in
// every design alike. Rounds go over all sizes and designs in turn, so that
// what else the machine does hits all of them; the ratios are those of one
// round, and the reported ones their medians.
//
// Every claim is checked: no job is held by two processes at once, no claim is
// given out twice, none is lost.
//
// Besides, the real orchestrator seeds a million rows and shows their status.
//
// It leaves build/bench/tracker.json and exits 1 when a check does not hold.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if order := os.Getenv(envOrder); order != "" {
		exit(stop, work(ctx, order, os.Stdin, os.Stdout))
		return
	}
	cfg := config{
		rows: numbers{100, 10_000, 100_000}, processes: numbers{1, 4, 8},
		stdout: os.Stdout, stderr: os.Stderr,
	}
	flag.StringVar(&cfg.report, "report", "build/bench/tracker.json", "where the report goes")
	flag.StringVar(&cfg.dir, "dir", "build/bench", "a folder on a real disk; what is made in it is removed afterwards")
	flag.StringVar(&cfg.program, "orchestrator", "build/bin/orchestrator", "the orchestrator that seeds")
	flag.Var(&cfg.rows, "rows", "the sizes of the lists")
	flag.Var(&cfg.processes, "procs", "how many processes")
	flag.DurationVar(&cfg.round, "round", 1200*time.Millisecond, "how long a cell is measured in one round")
	flag.IntVar(&cfg.rounds, "rounds", 3, "how many rounds")
	flag.IntVar(&cfg.seedRows, "seed-rows", targetSeedRows, "how many rows the orchestrator seeds; 0 for none")
	short := flag.Bool("short", false, "a few seconds to see that it works; most checks cannot be made")
	flag.Parse()
	if *short {
		cfg.shorten()
	}
	exit(stop, run(ctx, cfg))
}

func exit(stop func(), err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "bench-tracker:", err)
	stop()
	os.Exit(1)
}

// config is what the command line says.
type config struct {
	report, dir, program string
	rows, processes      numbers
	round                time.Duration
	rounds, seedRows     int
	// anyDisk is for tests, which claim nothing about a disk.
	anyDisk        bool
	stdout, stderr io.Writer
}

// shorten makes the run one of a few seconds.
func (c *config) shorten() {
	c.rows, c.processes = numbers{100, 1000}, numbers{1, 4}
	c.round, c.rounds, c.seedRows = 100*time.Millisecond, 1, 1000
}

// numbers is a flag of numbers with commas between them.
type numbers []int

// String implements flag.Value.
func (l *numbers) String() string {
	words := make([]string, 0, len(*l))
	for _, n := range *l {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ",")
}

// Set implements flag.Value.
func (l *numbers) Set(text string) error {
	*l = nil
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number above 0", word)
		}
		*l = append(*l, n)
	}
	return nil
}
