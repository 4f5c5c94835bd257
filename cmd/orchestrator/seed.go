package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/orchestrator"
)

func (a *app) seedCommand() *cobra.Command {
	var flags configFlags
	var more appendFlags
	cmd := &cobra.Command{
		Use:   "seed",
		Short: "Make progress.csv from jobs.csv, or add the rows that were appended, and nothing else",
		Long: "Make progress.csv from jobs.csv, or add the rows that were appended, and nothing else.\n\n" +
			"With --append, add the rows of another CSV file to the end of jobs.csv first, all of them\n" +
			"or, when anything is wrong with one, none. Columns are found by name. A fleet that runs\n" +
			"takes the new jobs.",
		Example: "  orchestrator seed --append tuesday.csv\n" +
			"  generate-posts | orchestrator seed --append -",
		Args: cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			if err := a.appendJobs(cmd, place, more); err != nil {
				return err
			}
			return a.seed(cmd.Context(), place)
		}),
	}
	flags.addPlace(cmd)
	more.add(cmd)
	return cmd
}

func (a *app) seed(ctx context.Context, place config.Resolved) (err error) {
	dataDir := place.Derived.DataDir
	in, err := readJobs(dataDir)
	if err != nil {
		return err
	}
	ledger, err := a.ledgerOf(place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	done, err := seed(ctx, ledger, dataDir, in)
	if err != nil {
		return err
	}
	user, err := orchestrator.PrepareDataDir(dataDir, place.Derived.LogDir)
	if err != nil {
		return err
	}
	if err := ensureKey(place, user); err != nil {
		return err
	}
	say(a.stdout, "%d jobs in the ledger, %d of them new", done.Total, done.Added)
	if n := done.Skipped - done.Duplicates; n > 0 {
		say(a.stdout, ", %d skipped because their video cannot be read", n)
	}
	if done.Duplicates > 0 {
		say(a.stdout, ", %d skipped as duplicates: the account has posted their video before", done.Duplicates)
	}
	if in.EmptyRows > 0 {
		say(a.stdout, "; %d empty rows of %s passed over", in.EmptyRows, jobsFile)
	}
	if done.Unreadable > 0 {
		say(a.stdout, "; %d lines of %s passed over that cannot be read", done.Unreadable, postedFile)
	}
	say(a.stdout, "\n")
	return nil
}
