package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/progress"
)

func (a *app) jobsRequeueCommand() *cobra.Command {
	var flags configFlags
	c := jobChange{
		verb: "requeue", past: "requeued", state: "pending",
		next:    "'orchestrator launch' runs them; a fleet that runs takes them by itself",
		allowed: []string{string(progress.StatusFail), string(progress.StatusSkip), kindUnknown},
	}
	cmd := &cobra.Command{
		Use:   "requeue [ID…]",
		Short: "Make failed and skipped jobs pending again",
		Long: "Make failed and skipped jobs pending again: those that are named, or all of a status or\n" +
			"an account (its failed and skipped ones). Attempts are kept, deaths are forgotten.\n\n" +
			"A job that may have been posted (its outcome is unknown, or it waits for verification)\n" +
			"is refused without --i-have-checked, or left out where it was not named. With it you\n" +
			"say of each of them that you looked at the profile and the post is not there.\n\n" +
			"All of the jobs are requeued, or none. A job or an account that the ledger does not\n" +
			"have, and a job that cannot be requeued, is exit code 2; nothing to requeue is 0.",
		Example: "  orchestrator jobs requeue 3 5-9\n" +
			"  orchestrator jobs requeue --status fail --account shop_a --dry-run\n" +
			"  orchestrator jobs requeue 12 --i-have-checked",
		RunE: a.untilSignal(func(cmd *cobra.Command, args []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			c.usual = []string{string(progress.StatusFail), string(progress.StatusSkip)}
			return a.change(cmd.Context(), place, c, args)
		}),
	}
	c.already = func(row *progress.Row) bool { return row.Status == progress.StatusPending && !row.Verify() }
	c.try = func(row *progress.Row) error {
		_, err := row.Requeued(c.doubted, time.Now())
		return err
	}
	c.do = func(ctx context.Context, ledger keptLedger, ids []int) error {
		return ledger.Requeue(ctx, ids, c.doubted)
	}
	flags.addPlace(cmd)
	c.addFlags(cmd)
	cmd.Flags().BoolVar(&c.doubted, "i-have-checked", false,
		"I looked at the profiles: what may have been posted is not there")
	return cmd
}
