package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

// leastRound is how much of the time must be left for another round.
const leastRound = 30 * time.Second

// run makes the engine and the rounds, and writes the report.
func run(ctx context.Context, cfg config) (err error) {
	if err := os.RemoveAll(cfg.dir); err != nil {
		return fmt.Errorf("clear the last run: %w", err)
	}
	engine := &testbed.Engine{Dir: filepath.Join(cfg.dir, "engine"), LiveRestore: cfg.liveRestore}
	if err := engine.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.End(ctx, syscall.SIGKILL), engine.Remove()) }()
	if err := engine.Load(ctx, cfg.host, cfg.image); err != nil {
		return err
	}
	version, err := engine.Docker(ctx, "version", "--format", "{{.Server.Version}}")
	if err != nil {
		return err
	}
	fmt.Fprintf(cfg.stdout, "chaos: seed %d, live-restore %t, %d kinds of faults\n",
		cfg.seed, cfg.liveRestore, len(cfg.kinds))
	report := evidence.New(int64(cfg.seed), version) //nolint:gosec // 32 bits, or what was typed
	total := newTally()
	if err := rounds(ctx, cfg, engine, report, total); err != nil {
		return err
	}
	total.write(report, cfg.kinds)
	if err := engine.End(ctx, syscall.SIGTERM); err != nil {
		return err
	}
	for _, p := range checkProcesses(report) {
		fmt.Fprintln(cfg.stdout, "left:", p)
	}
	fmt.Fprint(cfg.stdout, total.rows())
	return report.Conclude(cfg.stdout, filepath.Join(cfg.dir, "report.json"))
}

// rounds fills the time: the first is the killing of workers alone, the others
// are storms, each with a seed of its own.
func rounds(
	ctx context.Context, cfg config, engine *testbed.Engine, report *evidence.Report, total *tally,
) error {
	n := 0
	if cfg.kills > 0 {
		alone := newTally()
		k := kinds()[0]
		if err := play(ctx, cfg, engine, n, alone, killings(k, cfg.kills)); err != nil {
			return err
		}
		report.Measure("workers killed, all else well", float64(alone.struck[k.name]), "faults", nil)
		checkClaimAgain(report, alone.delays[k.name])
		total.join(alone)
	}
	until := time.Now().Add(cfg.duration)
	for n == 0 && cfg.duration > 0 || time.Until(until) >= leastRound {
		n++
		left := time.Until(until)
		cfg.duration = left
		storm := storm(cfg.kinds, events(cfg, cfg.seed+uint64(n)-1, left)) //nolint:gosec // a few rounds
		if err := play(ctx, cfg, engine, n, total, storm); err != nil {
			return err
		}
	}
	report.Measure("rounds", float64(n), "rounds", map[string]any{"workers": cfg.workers, "jobs": cfg.jobs})
	return nil
}

// play plays one round and adds it to the tally. What failed is kept.
func play(
	ctx context.Context, cfg config, engine *testbed.Engine, n int, t *tally, attack func(context.Context, *round),
) error {
	r, err := newRound(ctx, cfg, engine, n, cfg.seed+uint64(n)) //nolint:gosec // a few rounds
	if err != nil {
		return err
	}
	begun := time.Now()
	result, err := r.run(ctx, attack)
	if err == nil {
		err = t.add(ctx, r, result)
	}
	if err != nil {
		err = fmt.Errorf("round %d: %w", n, err)
	}
	fmt.Fprintf(cfg.stdout, "chaos: round %d took %s, %d faults, %d launches\n",
		n, time.Since(begun).Round(time.Second), len(r.strikes), result.Launches)
	return errors.Join(err, r.keep(), r.volume.Close())
}

// keep copies the data directory out of the volume, for those who look for
// what went wrong.
func (r *round) keep() error {
	to := r.fleet.Dir + "-kept"
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("keep round: %w", err)
	}
	if err := os.CopyFS(to, os.DirFS(r.fleet.Dir)); err != nil {
		return fmt.Errorf("keep round: %w", err)
	}
	return nil
}

func checkClaimAgain(report *evidence.Report, delays []time.Duration) {
	want := targets().claimAgain
	if len(delays) == 0 {
		report.CannotCheck(want, "no worker that was killed claimed again")
		return
	}
	measureDelays(report, delays, map[string]any{"kind": "kill_worker, all else well"})
	report.Check(want, percentile(delays, 0.95).Seconds())
}
