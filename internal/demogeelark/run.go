package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

const (
	fleet    = "demo-geelark"
	token    = "token-of-the-demo"
	workers  = 4
	accounts = 8
	jobs     = 24
	// launchTimeout bounds a whole run; a run takes a few minutes.
	launchTimeout = 20 * time.Minute
	// interruptGrace is what a launch may take to drain once it is interrupted.
	interruptGrace = 5 * time.Minute
)

// run starts the cloud, launches the fleet on it, and writes the report.
func run(ctx context.Context, cfg config) (err error) {
	dir := filepath.Join(cfg.dir, "data")
	if err := os.RemoveAll(cfg.dir); err != nil {
		return fmt.Errorf("empty the directory: %w", err)
	}
	bed := testbed.Fleet{Name: fleet, Dir: dir, Engine: nil}
	if err := bed.WriteJobs(cfg.seed, jobs, accounts); err != nil {
		return err
	}
	cloud := &testbed.Cloud{Name: fleet + "-cloud", Image: cfg.image, Token: token, Scale: cfg.scale, Seed: cfg.seed}
	for n := range accounts {
		cloud.Phones = append(cloud.Phones, "acct_"+strconv.Itoa(n))
	}
	if err := cloud.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cloud.Remove(ctx)) }()
	if err := os.WriteFile(filepath.Join(cfg.dir, "fleet.yaml"), []byte(fleetYAML(cfg, cloud)), 0o600); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	report := evidence.New(int64(cfg.seed), "") //nolint:gosec // a seed is small
	took, code := timedLaunch(ctx, cfg, dir)
	report.Measure("launch", took.Seconds(), "s", map[string]any{
		"workers": workers, "phones": accounts, "jobs": jobs, "scale": cfg.scale,
	})
	report.Check(targets().exit, float64(code))
	checkPosts(ctx, report, &bed, cloud)
	checkMeter(ctx, report, dir, cloud)
	checkLeft(report, dir)
	return report.Conclude(cfg.stdout, filepath.Join(cfg.dir, "report.json"))
}

// fleetYAML is four workers, each on the phone of its job's account.
func fleetYAML(cfg config, cloud *testbed.Cloud) string {
	var b strings.Builder
	fmt.Fprintf(&b, "fleet: %s\nretry: {delay: 2s}\ndocker: {image: %q, network: %s}\n", fleet, cfg.image, cloud.Name)
	fmt.Fprintf(&b, "geelark: {base_url: %q, poll_every: 150ms, login_every: 30s}\ndevices:\n", cloud.BaseURL())
	for n := range workers {
		fmt.Fprintf(&b, "  - {name: cloud-%d, connect: \"geelark://by-account\"}\n", n)
	}
	return b.String()
}

// timedLaunch runs the fleet and returns how long it took and its exit code, -1
// when it could not be run.
func timedLaunch(ctx context.Context, cfg config, dir string) (time.Duration, int) {
	took, code, err := testbed.Command{
		Program: cfg.program,
		Args:    []string{"launch", "--config", filepath.Join(cfg.dir, "fleet.yaml"), "--data-dir", dir},
		Env:     []string{"GEELARK_TOKEN=" + token},
		Stdout:  cfg.stdout, Stderr: cfg.stderr, Limit: launchTimeout, Grace: interruptGrace,
	}.Run(ctx)
	if err != nil {
		fmt.Fprintln(cfg.stderr, "demo-geelark:", err)
	}
	return took, code
}
