package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/orchestrator"
)

func (a *app) jobsArchiveCommand() *cobra.Command {
	var flags configFlags
	cmd := &cobra.Command{
		Use:   "archive",
		Short: "Put a finished ledger away, so that the next seed begins a new one",
		Long: "Put a finished ledger away in the data directory's archive folder, with results.csv and\n" +
			"the artifacts, so that the next seed or launch begins a new one with job 1. jobs.csv\n" +
			"stays: put the new rows into it before. posted.csv stays too, it knows what was posted.\n\n" +
			"A ledger with jobs that are pending, claimed or of unknown outcome is refused with exit\n" +
			"code 2, and so is one that an orchestrator works on, with 1; nothing is changed then.",
		Args: cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			return a.archive(cmd.Context(), place)
		}),
	}
	flags.addPlace(cmd)
	return cmd
}

// archive holds the data directory meanwhile: a run would seed again.
func (a *app) archive(ctx context.Context, place config.Resolved) error {
	return a.withLedger(place, func(ledger keptLedger) (err error) {
		lock, err := holdDataDir(place.Derived.DataDir)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, lock.Release()) }()
		rows, err := ledger.Snapshot(ctx)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return errNoJobs()
		}
		dir, err := ledger.Archive(ctx)
		if errors.Is(err, progress.ErrUnfinished) {
			return fault.Errorf(fault.Input, "%w: nothing was archived\n%s", progress.ErrUnfinished,
				whatIsLeft(orchestrator.Count(rows)))
		}
		if err != nil {
			return err
		}
		if err := archiveTraces(place.Derived.DataDir, dir); err != nil {
			return err
		}
		say(a.stdout, "the ledger of %s is in %s\n", jobCount(len(rows)), dir)
		say(a.stderr, "next: put the new rows into %s in place of the old ones; "+
			"'orchestrator launch' begins with job 1\n", jobsFile)
		return nil
	})
}

// archiveTraces moves what belongs to the jobs of the archived ledger by their
// id: the next ledger counts from 1 again.
func archiveTraces(dataDir, archive string) error {
	for _, name := range []string{resultsFile, artifactsName} {
		err := os.Rename(filepath.Join(dataDir, name), filepath.Join(archive, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the ledger is in %s, but %s stays where it is: move it there: %w", archive, name, err)
		}
	}
	return nil
}

// whatIsLeft counts the jobs that are in the way, with the command that helps.
func whatIsLeft(c orchestrator.Counts) string {
	var b strings.Builder
	for _, line := range []struct {
		n    int
		what string
		mend string
	}{
		{c.Pending, "pending", "'orchestrator launch' runs them, " +
			"'orchestrator jobs skip --status pending --reason TEXT' gives them up"},
		{c.Claimed, "claimed", "'orchestrator stop' lets their workers finish, or 'orchestrator launch' takes them up"},
		{c.Unknown, "of unknown outcome", "'orchestrator jobs list --status unknown' shows them: look at " +
			"the profiles, 'orchestrator jobs requeue ID… --i-have-checked' runs those that are not there, " +
			"and 'orchestrator jobs skip' with the same flag ends those that are"},
	} {
		if line.n > 0 {
			fmt.Fprintf(&b, "  %s %s: %s\n", jobCount(line.n), line.what, line.mend)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
