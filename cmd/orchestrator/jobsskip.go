package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
)

func (a *app) jobsSkipCommand() *cobra.Command {
	var flags configFlags
	var reason string
	c := jobChange{
		verb: "skip", past: "skipped", state: "skipped",
		next:    "'orchestrator jobs requeue' takes it back",
		allowed: []string{string(progress.StatusPending), string(progress.StatusFail), kindUnknown},
		usual:   []string{string(progress.StatusPending)},
	}
	cmd := &cobra.Command{
		Use:   "skip [ID…] --reason TEXT",
		Short: "Have pending or failed jobs not run",
		Long: "Have pending or failed jobs not run: those that are named, or all of a status or an\n" +
			"account (its pending ones). The reason stands in the ledger.\n\n" +
			"A job that may have been posted is refused, or left out where it was not named, unless\n" +
			"you have looked at the profile: with --i-have-checked it is done with, whether the post\n" +
			"is there or not. All of the jobs are skipped, or none.",
		Example: "  orchestrator jobs skip 3 5-9 --reason \"the offer has ended\"\n" +
			"  orchestrator jobs skip --account shop_a --reason \"account closed\"",
		RunE: a.untilSignal(func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return fault.Errorf(fault.Input, "say why, with --reason TEXT: it stands in the ledger")
			}
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			return a.change(cmd.Context(), place, c, args)
		}),
	}
	c.already = func(row *progress.Row) bool { return row.Status == progress.StatusSkip }
	c.try = func(row *progress.Row) error {
		_, err := row.Skipped(reason, c.doubted, time.Now())
		return err
	}
	c.do = func(ctx context.Context, ledger keptLedger, ids []int) error {
		return ledger.Skip(ctx, ids, reason, c.doubted)
	}
	flags.addPlace(cmd)
	c.addFlags(cmd)
	cmd.Flags().BoolVar(&c.doubted, "i-have-checked", false,
		"end jobs that may have been posted: you have looked at the profile")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words (`text`)")
	return cmd
}
