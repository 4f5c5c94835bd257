package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/jobs"
	"postfleet/internal/logging"
	"postfleet/orchestrator"
)

func (a *app) launchCommand() *cobra.Command {
	var flags configFlags
	var keep bool
	cmd := &cobra.Command{
		Use:   "launch",
		Short: "Start the fleet, or resume it, and stay until every job has come to an end",
		Long: "Start the fleet, or resume it, and stay until every job has come to an end.\n\n" +
			"Everything is checked before anything is changed. The first INT or TERM drains:\n" +
			"workers finish their job and take no other. The second cancels the jobs that are\n" +
			"not being posted. The third exits at once and leaves the workers to themselves;\n" +
			"another launch takes them over, stop ends them.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, guard := a.guardSignals(cmd.Context())
			defer guard.stop()
			return a.launch(ctx, guard, a.options(cmd, flags), keep)
		},
	}
	flags.addPlan(cmd)
	cmd.Flags().BoolVar(&keep, "keep", false, "leave the simulated phones running at the end")
	return cmd
}

// launch checks what there is, takes the data directory, and runs the fleet.
// Nothing is changed before the last input has been read and the engine was
// found fit to run workers.
func (a *app) launch(ctx context.Context, guard *signalGuard, opts config.Options, keep bool) (err error) {
	resolved, err := loadFleet(opts)
	if err != nil {
		return err
	}
	dataDir := resolved.Derived.DataDir
	in, err := readJobs(dataDir)
	if err != nil {
		return err
	}
	lock, err := holdDataDir(dataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	ledger, err := a.ledgerOf(resolved)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	if err := a.checkEngine(ctx, ledger, in, resolved.Docker.Image); err != nil {
		return err
	}
	seeded, err := seed(ctx, ledger, dataDir, in)
	if err != nil {
		return err
	}
	if err := beginModelBudget(ctx, resolved); err != nil {
		return err
	}
	user, err := orchestrator.PrepareDataDir(dataDir, resolved.Derived.LogDir)
	if err != nil {
		return err
	}
	if err := ensureKey(resolved, user); err != nil {
		return err
	}
	view, err := a.openView(resolved.Derived.LogDir, len(in.Jobs))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.close()) }()
	for _, note := range resolved.Ignored() {
		view.logger.WarnContext(ctx, "setting without effect", keySetting, note)
	}
	view.logger.InfoContext(ctx, "jobs read", keyTotal, seeded.Total, keyAdded, seeded.Added,
		keySkipped, seeded.Skipped, keyDuplicates, seeded.Duplicates, keyEmptyRows, in.EmptyRows)
	if seeded.Unreadable > 0 {
		view.logger.WarnContext(ctx, "lines of posted.csv cannot be read", keyLines, seeded.Unreadable)
	}
	l := launcher{app: a, config: resolved, ledger: ledger, view: view, user: user, keep: keep}
	return l.run(ctx, guard, in)
}

// launcher runs a fleet whose inputs are good and whose data directory is ours.
type launcher struct {
	app    *app
	config config.Resolved
	ledger keptLedger
	view   *view
	user   string
	keep   bool
}

func (l launcher) run(ctx context.Context, guard *signalGuard, in jobs.Input) (err error) {
	rows, err := l.ledger.Snapshot(ctx)
	if err != nil {
		return err
	}
	if orchestrator.Count(rows).Open() == 0 {
		return l.finish(ctx, in)
	}
	eng, err := l.app.newEngine()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close()) }()
	plan, err := l.preflight(ctx, in, eng)
	if err != nil {
		return err
	}
	if err := writeSecrets(l.config, l.user); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeSecrets(l.config)) }()
	return l.orchestrate(ctx, guard, plan, eng)
}

// orchestrate runs the plan under the signals' guard and reports on it.
func (l launcher) orchestrate(
	ctx context.Context, guard *signalGuard, plan orchestrator.Plan, eng engine,
) error {
	o := orchestrator.New(plan, l.runOptions(), eng, l.ledger, l.view.logger)
	if err := guard.hand(o, l.view.logger); err != nil {
		return err
	}
	stopFollowing := l.view.follow(ctx, l.ledger)
	// Signals are the guard's from here on: they drain, and do not end ctx.
	report, err := o.Run(context.WithoutCancel(ctx))
	stopFollowing()
	return l.conclude(context.WithoutCancel(ctx), report, err)
}

func (l launcher) runOptions() orchestrator.Options {
	return orchestrator.Options{
		DataDir: l.config.Derived.DataDir,
		Restart: orchestrator.Restart(l.config.Restart),
		Grace:   l.config.Derived.Timeouts.Grace,
		Keep:    l.keep,
		Phones:  l.phones(),
	}
}

func (l launcher) phones() cloudPhones {
	return cloudPhones{place: l.config, logger: l.view.logger}
}

// finish is for a fleet that has nothing left to do. What an orchestrator that
// was killed has left behind is cleaned up, if the engine answers; what then
// goes wrong is an error.
func (l launcher) finish(ctx context.Context, in jobs.Input) error {
	l.view.logger.InfoContext(ctx, "nothing left to do")
	o, closeEngine, err := l.sweeper(ctx, in)
	if err == nil {
		var report orchestrator.Report
		report, err = o.Run(ctx)
		if err = errors.Join(err, closeEngine()); !errors.Is(err, orchestrator.ErrUnreachable) {
			return errors.Join(removeSecrets(l.config), l.conclude(ctx, report, err))
		}
	}
	l.view.logger.InfoContext(ctx, "leftovers of an earlier run were not looked for", logging.Err(err))
	rows, err := l.ledger.Snapshot(ctx)
	if err != nil {
		return err
	}
	report := orchestrator.Report{Jobs: orchestrator.Count(rows)}
	report.Phones, err = l.phones().StopLeft(ctx)
	return errors.Join(removeSecrets(l.config), l.conclude(ctx, report, err))
}

// sweepTimeout bounds what a finished fleet waits for an engine to answer.
const sweepTimeout = 2 * time.Second

// sweeper is an orchestrator that cleans up and starts nothing, for want of
// jobs. Its engine is closed with it.
func (l launcher) sweeper(ctx context.Context, in jobs.Input) (*orchestrator.Orchestrator, func() error, error) {
	eng, err := l.app.newEngine()
	if err != nil {
		return nil, nil, err
	}
	asking, stop := context.WithTimeout(ctx, sweepTimeout)
	defer stop()
	if err := eng.Ping(asking); err != nil {
		return nil, nil, errors.Join(err, eng.Close())
	}
	plan, err := planOf(asking, l.config, l.user, accountsOf(in.Jobs), eng.HostPath)
	if err != nil {
		return nil, nil, errors.Join(err, eng.Close())
	}
	return orchestrator.New(plan, l.runOptions(), eng, l.ledger, l.view.logger), eng.Close, nil
}

// Attribute keys of the launch itself.
const (
	keySetting    = "setting"
	keyJobs       = "jobs"
	keyTotal      = "total"
	keyAdded      = "added"
	keySkipped    = "skipped"
	keyDuplicates = "duplicates"
	keyEmptyRows  = "empty_rows"
	keyLines      = "lines"
)

// errNothingStarted: a signal came before the fleet was up.
var errNothingStarted = fmt.Errorf("nothing was started: %w", errInterrupted)
