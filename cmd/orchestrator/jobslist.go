package main

import (
	"context"
	"errors"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/progress"
)

// captionWidth is how much of a caption stands in a terminal.
const captionWidth = 40

// addPickFlags adds the flags that choose among jobs to be looked at.
func addPickFlags(cmd *cobra.Command, pick *jobPick) {
	cmd.Flags().StringSliceVar(&pick.kinds, "status", nil,
		"only those of this `status`: pending, claimed, success, fail, skip, or unknown, "+
			"which are the fail rows that may have been posted")
	cmd.Flags().StringArrayVar(&pick.accounts, "account", nil, "only those of this `account`; may be given again")
	cmd.Flags().StringSliceVar(&pick.ids, "id", nil, "only the jobs with these `ids`, such as 3,5-9")
}

// parseAny is parse for commands that choose by any kind.
func (p jobPick) parseAny() (parsedPick, error) {
	return p.parse(string(progress.StatusPending), string(progress.StatusClaimed), string(progress.StatusSuccess),
		string(progress.StatusFail), string(progress.StatusSkip), kindUnknown)
}

func (a *app) jobsListCommand() *cobra.Command {
	var flags configFlags
	var pick jobPick
	var asJSON, captions bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List jobs in the order of jobs.csv",
		Long: "List jobs in the order of jobs.csv: all, or those that are chosen. In a terminal the\n" +
			"error is cut where the line ends; piped, nothing is cut, and each job is one line.\n" +
			"With --json, every column of progress.csv, whole. No match is no error.",
		Args: cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			rows, picked, err := a.pickJobs(cmd.Context(), place, pick)
			if err != nil {
				return err
			}
			if asJSON {
				return unlessGone(writeJobsJSON(a.stdout, picked))
			}
			if len(picked) > 0 {
				table := jobsTable(picked, captions, terminalWidth(a.stdout))
				err = unlessGone(table.print(a.stdout, terminalWidth(a.stdout)))
			}
			say(a.stderr, "%s\n", countLine(len(picked), len(rows)))
			return err
		}),
	}
	flags.addPlace(cmd)
	addPickFlags(cmd, &pick)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, one job a line")
	cmd.Flags().BoolVar(&captions, "caption", false, "show captions as well")
	return cmd
}

// pickJobs returns every row, and those that are chosen.
func (a *app) pickJobs(
	ctx context.Context, place config.Resolved, pick jobPick,
) (rows []progress.Row, picked []*progress.Row, err error) {
	parsed, err := pick.parseAny()
	if err != nil {
		return nil, nil, err
	}
	if rows, err = a.readRows(ctx, place); err != nil {
		return nil, nil, err
	}
	picked, err = parsed.from(rows)
	return rows, picked, err
}

func countLine(picked, all int) string {
	switch {
	case all == 0:
		return "no jobs: the ledger is empty, 'orchestrator seed' makes it from " + jobsFile
	case picked == all:
		return jobCount(all)
	default:
		return strconv.Itoa(picked) + " of " + jobCount(all)
	}
}

func jobsTable(rows []*progress.Row, captions bool, columns int) *textTable {
	table := &textTable{header: []string{
		"ID", "STATUS", "ACCOUNT", "VIDEO", "ATTEMPTS", "WORKER", "PHASE", "NOT BEFORE", "TIME",
	}}
	if captions {
		table.header = append(table.header, "CAPTION")
	}
	table.header = append(table.header, "ERROR")
	for _, r := range rows {
		cells := []string{
			strconv.Itoa(r.ID), string(r.Status), r.Account, r.Video, strconv.Itoa(r.Attempts), r.WorkerID,
			string(r.Phase), timeText(r.NotBefore), timeText(r.Time),
		}
		if captions {
			caption := oneLine(r.Caption)
			if columns > 0 {
				caption = cut(caption, captionWidth)
			}
			cells = append(cells, caption)
		}
		table.add(append(cells, r.Error)...)
	}
	return table
}

// unlessGone is err, or nil where whoever read the output has had enough of it.
func unlessGone(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}
