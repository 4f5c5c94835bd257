// Command soak is a long run in short form: a fleet of real containers with real
// Appium servers posts to simulated phones without a pause, nothing is struck,
// and all the while it is looked at what each process holds. What it held at the
// end is then projected on two hours: that does not grow which is flat.
//
//	internal/setup/apart.sh build/bin/soak -minutes 15
//
// A simulated phone takes two seconds for a post, a real one a minute or more:
// a quarter of an hour has as many jobs as a real phone's working day, and two
// hours as many as its week.
//
// It leaves report.json, samples.csv and the data directory in the given
// directory, and exits 1 when a check does not hold. It must run in namespaces
// of its own, which apart.sh makes.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// config is what the command line says.
type config struct {
	dir, program, image, host string
	duration, every           time.Duration
	workers, recycle          int
	stdout                    io.Writer
}

// jobs is more than the workers can do: none does one in less than a second.
func (c config) jobs() int { return c.workers * (int(c.duration.Seconds()) + 1) }

// accounts is how many accounts the jobs have: enough to keep each worker busy.
func (c config) accounts() int {
	const each = 5
	return each * c.workers
}

func main() {
	cfg, err := parse(os.Args[1:])
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err == nil {
		err = run(ctx, cfg)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		stop()
		os.Exit(1)
	}
}

// parse reads the command line.
func parse(args []string) (cfg config, err error) {
	flags := flag.NewFlagSet("soak", flag.ExitOnError)
	cfg.stdout = os.Stdout
	flags.StringVar(&cfg.dir, "dir", "build/soak", "where report.json and all else is left")
	flags.StringVar(&cfg.program, "orchestrator", "build/bin/orchestrator", "the orchestrator to run")
	flags.StringVar(&cfg.image, "image", "postfleet-worker:dev", "the worker image, from the usual engine")
	flags.StringVar(&cfg.host, "host", os.Getenv("DOCKER_HOST"), "the usual engine")
	minutes := flags.Float64("minutes", 15, "how long the fleet runs; in less than ten the start is half of the slope")
	flags.DurationVar(&cfg.every, "every", 5*time.Second, "how often it is looked at")
	flags.IntVar(&cfg.workers, "workers", 3, "how many workers")
	flags.IntVar(&cfg.recycle, "recycle", 0, "how many jobs one Appium server serves; 0 is as users have it")
	_ = flags.Parse(args) // it exits
	cfg.duration = time.Duration(*minutes * float64(time.Minute))
	if cfg.workers < 1 || cfg.every <= 0 || cfg.duration < time.Minute || cfg.recycle < 0 {
		return cfg, fmt.Errorf("-workers and -every must be above 0, -recycle not below, -minutes at least 1")
	}
	cfg.dir, err = filepath.Abs(cfg.dir)
	return cfg, err
}
