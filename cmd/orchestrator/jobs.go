package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/progress"
)

func (a *app) jobsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "jobs",
		Short: "Look at the jobs of the ledger, or change what a person may change",
		Long: "Look at the jobs of the ledger, or change what a person may change. All of it may be\n" +
			"done while a fleet runs, but for archive.\n\n" +
			"Jobs are named by their job_id: 3, 5-9 or 3,5-9. Where several ways of choosing jobs\n" +
			"are given, a job must answer to all of them.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.started = false // a command is missing
			return fmt.Errorf("name one of its commands: list, show, requeue, skip, export or archive; see '%s --help'",
				cmd.CommandPath())
		},
	}
	cmd.AddCommand(
		a.jobsListCommand(), a.jobsShowCommand(), a.jobsRequeueCommand(), a.jobsSkipCommand(),
		a.jobsExportCommand(), a.jobsArchiveCommand(),
	)
	return cmd
}

// withLedger has use work on the ledger of a data directory that must be there.
func (a *app) withLedger(place config.Resolved, use func(ledger keptLedger) error) (err error) {
	if err := requireDataDir(place); err != nil {
		return err
	}
	ledger, err := a.ledgerOf(place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	return use(ledger)
}

// readRows returns every row as of now. The ledger is let go of before anything
// is printed: a slow reader of the output holds up nobody.
func (a *app) readRows(ctx context.Context, place config.Resolved) (rows []progress.Row, err error) {
	err = a.withLedger(place, func(ledger keptLedger) error {
		rows, err = ledger.Snapshot(ctx)
		return err
	})
	return rows, err
}
