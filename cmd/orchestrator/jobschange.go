package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/fault"
	"postfleet/internal/progress"
)

// jobChange is a change that a person makes to chosen jobs.
type jobChange struct {
	pick    jobPick
	verb    string // "requeue"
	past    string // "requeued"
	next    string // what to do then
	allowed []string
	// usual are the kinds that are meant where neither ids nor kinds are given.
	usual []string
	// doubted is set when jobs that may have been posted are to be chosen as well.
	doubted bool
	dryRun  bool

	// already reports whether the row is what the change would make it, and
	// state is what it is then.
	already func(row *progress.Row) bool
	state   string
	// try says why the row cannot be changed, or nil.
	try func(row *progress.Row) error
	// do makes the change, to all of the jobs or to none.
	do func(ctx context.Context, ledger keptLedger, ids []int) error
}

// addFlags adds those that choose the jobs.
func (c *jobChange) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&c.pick.kinds, "status", nil,
		"all jobs of this `status`: "+strings.Join(c.allowed, ", "))
	cmd.Flags().StringArrayVar(&c.pick.accounts, "account", nil, "all jobs of this `account`; may be given again")
	cmd.Flags().BoolVar(&c.dryRun, "dry-run", false, "say what would be done, and do nothing")
}

// change makes the change to the jobs that args and flags choose and says so.
func (a *app) change(ctx context.Context, place config.Resolved, c jobChange, args []string) error {
	c.pick.ids = args
	if len(args) == 0 && len(c.pick.kinds) == 0 && len(c.pick.accounts) == 0 {
		return fault.Errorf(fault.Input, "say which jobs: by job_id, --status or --account; "+
			"see 'orchestrator jobs %s --help'", c.verb)
	}
	parsed, err := c.pick.parse(c.allowed...)
	if err != nil {
		return err
	}
	if len(parsed.spans) == 0 && len(parsed.kinds) == 0 {
		parsed.kinds = c.usual
	}
	return a.withLedger(place, func(ledger keptLedger) error {
		rows, err := ledger.Snapshot(ctx)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return errNoJobs()
		}
		picked, err := parsed.from(rows)
		if err != nil {
			return err
		}
		return a.changeRows(ctx, ledger, c, c.sort(parsed, picked))
	})
}

// sortedRows are the chosen rows by what is to be done about them.
type sortedRows struct {
	change  []*progress.Row
	already []*progress.Row
	// left are those that no one named and that may have been posted.
	left    []*progress.Row
	refused []refusal
}

// refusal is a row that was meant, and why it cannot be changed.
type refusal struct {
	row *progress.Row
	why error
}

// sort tries the change on the rows. What was chosen by a status or
// an account alone, and may have been posted, is left out unless doubted.
func (c *jobChange) sort(p parsedPick, picked []*progress.Row) sortedRows {
	var s sortedRows
	meant := len(p.spans) > 0 || slices.Contains(p.kinds, kindUnknown)
	for _, row := range picked {
		err := c.try(row)
		switch {
		case !meant && doubtful(row) && !c.doubted:
			s.left = append(s.left, row)
		case c.already(row):
			s.already = append(s.already, row)
		case err != nil:
			s.refused = append(s.refused, refusal{row, err})
		default:
			s.change = append(s.change, row)
		}
	}
	if len(s.change) == 0 && len(s.left) > 0 { // then they must have been meant
		for _, row := range s.left {
			s.refused = append(s.refused, refusal{row, c.try(row)})
		}
	}
	return s
}

func (a *app) changeRows(ctx context.Context, ledger keptLedger, c jobChange, s sortedRows) error {
	if len(s.refused) > 0 {
		return c.refuse(s.refused)
	}
	if len(s.already) > 0 {
		say(a.stderr, "%s %s already: %s\n", jobCount(len(s.already)), c.state, idList(s.already))
	}
	if len(s.left) > 0 {
		say(a.stderr, "%s left out because they may have been posted: %s; "+
			"'orchestrator jobs list --id %s' shows them\n", jobCount(len(s.left)), idList(s.left), idList(s.left))
	}
	switch {
	case len(s.change) == 0:
		say(a.stderr, "no job to %s\n", c.verb)
		return nil
	case c.dryRun:
		say(a.stdout, "would %s %s: %s\n", c.verb, jobCount(len(s.change)), idList(s.change))
		return nil
	}
	ids := make([]int, len(s.change))
	for i, row := range s.change {
		ids[i] = row.ID
	}
	if err := c.do(ctx, ledger, ids); err != nil {
		if errors.Is(err, progress.ErrImpossible) { // somebody was faster
			return fault.Errorf(fault.Input, "nothing was changed: %w", err)
		}
		return err
	}
	say(a.stdout, "%s %s: %s\n", c.past, jobCount(len(s.change)), idList(s.change))
	say(a.stderr, "next: %s\n", c.next)
	return nil
}

// refuse names each row, why it stays as it is, and what to do.
func (c *jobChange) refuse(rows []refusal) error {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing was %s:\n", c.past)
	doubts := false
	for _, r := range rows {
		if doubtful(r.row) {
			doubts = true
			fmt.Fprintf(&b, "  job %d may have been posted: %s\n", r.row.ID, whereToLook(r.row))
			continue
		}
		fmt.Fprintf(&b, "  %s\n", strings.Replace(r.why.Error(), progress.ErrImpossible.Error()+": ", "", 1))
	}
	if doubts {
		b.WriteString("Those that are not there: 'orchestrator jobs requeue ID… --i-have-checked'. " +
			"Those that are: 'orchestrator jobs skip ID… --reason \"it is there\" --i-have-checked'")
	} else {
		b.WriteString("leave these out; those that run can be chosen when they have ended")
	}
	return fault.Mark(fault.Input, errors.New(strings.TrimSuffix(b.String(), "\n")))
}

// doubtful reports whether the row may have been posted and nobody knows.
func doubtful(r *progress.Row) bool { return r.Unknown() || r.Verify() }

// captionStart is how much of a caption it takes to know a post by.
const captionStart = 60

// whereToLook says where a person finds out whether the row was posted.
func whereToLook(r *progress.Row) string {
	post := r.Video
	if caption := oneLine(r.Caption); caption != "" {
		post = fmt.Sprintf("%s with the caption %q", r.Video, cut(caption, captionStart))
	}
	return fmt.Sprintf("look at the profile of %s for %s, from about %s", oneLine(r.Account), post,
		r.Time.Local().Format(time.DateTime))
}
