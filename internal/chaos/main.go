// Command chaos is the fault suite: fleets of real containers with real Appium
// servers post to simulated phones while workers, servers, the orchestrator,
// the engine, the links and the disk are struck at moments that a seed draws.
// What the phones say was posted is then held against the ledger.
//
//	internal/setup/apart.sh build/bin/chaos -minutes 10 -seed 7
//	build/bin/chaos -list -seed 7           only what would be done
//
// It leaves report.json in the given directory, with the data directories of
// rounds that failed, and exits 1 when a check does not hold. It must run in
// namespaces of its own, which apart.sh makes.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// config is what the command line says.
type config struct {
	dir, program, image, host string
	seed                      uint64
	duration                  time.Duration
	every                     time.Duration
	workers, jobs, kills      int
	kinds                     []kind
	liveRestore               bool
	stdout                    io.Writer
}

// accounts is how many accounts the jobs have: enough to keep each worker busy.
func (c config) accounts() int {
	const each = 5
	return each * c.workers
}

func main() {
	cfg, list, err := parse(os.Args[1:])
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch {
	case err != nil:
	case list:
		for _, e := range events(cfg, cfg.seed, cfg.duration) {
			fmt.Fprintf(os.Stdout, "%8s  %-22s worker %d  %s\n",
				e.At.Round(time.Second), e.Kind, e.Worker, e.Hold.Round(time.Millisecond))
		}
	default:
		err = run(ctx, cfg)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		stop()
		os.Exit(1)
	}
}

// parse reads the command line.
func parse(args []string) (cfg config, list bool, err error) {
	flags := flag.NewFlagSet("chaos", flag.ExitOnError)
	cfg.stdout = os.Stdout
	flags.StringVar(&cfg.dir, "dir", "build/chaos", "where report.json and all else is left")
	flags.StringVar(&cfg.program, "orchestrator", "build/bin/orchestrator", "the orchestrator to strike")
	flags.StringVar(&cfg.image, "image", "postfleet-worker:dev", "the worker image, from the usual engine")
	flags.StringVar(&cfg.host, "host", os.Getenv("DOCKER_HOST"), "the usual engine")
	flags.Uint64Var(&cfg.seed, "seed", 0, "what the faults are drawn from; 0 draws a seed")
	minutes := flags.Float64("minutes", 10, "how long faults are injected")
	flags.DurationVar(&cfg.every, "every", 6*time.Second, "the mean time between two faults")
	flags.IntVar(&cfg.workers, "workers", 4, "how many workers")
	flags.IntVar(&cfg.jobs, "jobs", 80, "how many jobs each round has")
	flags.IntVar(&cfg.kills, "kills", 16, "how many workers are killed before anything else is struck")
	flags.BoolVar(&cfg.liveRestore, "live-restore", false, "containers outlive the engine")
	names := flags.String("kinds", "", "only these kinds of faults, with commas between")
	flags.BoolVar(&list, "list", false, "only say what would be done")
	_ = flags.Parse(args) // it exits
	cfg.kinds, err = named(strings.FieldsFunc(*names, func(r rune) bool { return r == ',' }))
	if err != nil {
		return cfg, list, err
	}
	if cfg.seed == 0 {
		cfg.seed = uint64(rand.Uint32()) + 1 // short enough to be typed
	}
	cfg.duration = time.Duration(*minutes * float64(time.Minute))
	if cfg.workers < 1 || cfg.jobs < 1 || cfg.every <= 0 || cfg.duration < 0 || cfg.kills < 0 {
		return cfg, list, fmt.Errorf("-workers, -jobs and -every must be above 0, -minutes and -kills not below")
	}
	cfg.dir, err = filepath.Abs(cfg.dir)
	return cfg, list, err
}

// events draws what strikes a round.
func events(cfg config, seed uint64, d time.Duration) []event {
	if d <= 0 {
		return nil
	}
	return schedule(cfg.kinds, seed, d, int(d/cfg.every)+1, cfg.workers)
}

func self() int { return os.Getpid() }
