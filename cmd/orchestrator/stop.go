package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/orchestrator"
)

func (a *app) stopCommand() *cobra.Command {
	var flags configFlags
	var now bool
	cmd := &cobra.Command{
		Use:   "stop",
		Short: "Drain the running fleet, remove its containers and stop its cloud phones",
		Long: "Drain the running fleet, remove its containers and stop the cloud phones that it has\n" +
			"started, whether or not an orchestrator runs it. A signal while it drains has the\n" +
			"workers killed, as --now does.",
		Args: cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			return a.stop(cmd.Context(), place, now)
		}),
	}
	flags.addPlace(cmd)
	cmd.Flags().BoolVar(&now, "now", false, "kill the workers instead of letting them finish their job")
	return cmd
}

func (a *app) stop(ctx context.Context, place config.Resolved, now bool) (err error) {
	if err := requireDataDir(place); err != nil {
		return err
	}
	eng, err := a.newEngine()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close()) }()
	cfg := orchestrator.StopConfig{
		Fleet:   place.Fleet,
		Network: place.Derived.Network,
		DataDir: place.Derived.DataDir,
		Grace:   place.Derived.Timeouts.ContainerStop,
		Now:     now,
	}
	logger := slog.New(logging.Terminal(a.stderr, slog.LevelInfo))
	cfg.Phones = cloudPhones{place: place, logger: logger}
	ledger, err := a.readableLedger(ctx, place)
	if err != nil {
		logger.WarnContext(ctx, "the ledger cannot be read; the fleet is stopped all the same", logging.Err(err))
	} else {
		defer func() { err = errors.Join(err, ledger.Close()) }()
	}
	if err := orchestrator.Stop(ctx, cfg, eng, ledger, logger); err != nil {
		return err
	}
	say(a.stdout, "fleet %s is down\n", place.Fleet)
	return removeSecrets(place)
}

// readableLedger returns the ledger, or nil and why it cannot be read: a fleet
// must be stoppable whatever state its ledger is in.
func (a *app) readableLedger(ctx context.Context, place config.Resolved) (progress.Ledger, error) {
	ledger, err := a.ledgerOf(place)
	if err != nil {
		return nil, err
	}
	if _, err := ledger.Snapshot(ctx); err != nil {
		return nil, errors.Join(err, ledger.Close())
	}
	return ledger, nil
}
