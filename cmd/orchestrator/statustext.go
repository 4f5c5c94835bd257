package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"postfleet/orchestrator"
)

// none stands in a table where nothing is known.
const none = "-"

// showStatus is for people.
func showStatus(out io.Writer, s orchestrator.Status) error {
	var b strings.Builder
	fmt.Fprintf(&b, "fleet %s", s.Fleet)
	if s.StartedAt != nil {
		fmt.Fprintf(&b, ", started %s", clock(s.StartedAt))
	}
	j := s.Jobs
	fmt.Fprintf(&b, "\njobs: %d, of them %d success, %d fail (%d outcome unknown), %d skip, %d running, %d pending\n",
		j.Total, j.Success, j.Fail, j.Unknown, j.Skip, j.Claimed, j.Pending)
	if s.RatePerHour != nil {
		fmt.Fprintf(&b, "rate: %.0f an hour", *s.RatePerHour)
		if s.ETA != nil {
			fmt.Fprintf(&b, ", done about %s", clock(s.ETA))
		}
		b.WriteString("\n")
	}
	if s.EngineError != nil {
		fmt.Fprintf(&b, "the workers' state is not known: %v\n", s.EngineError)
	}
	if len(s.Workers) > 0 {
		if err := printWorkers(&b, s.Workers); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print the status: %w", err)
	}
	return nil
}

func printWorkers(out io.Writer, workers []orchestrator.WorkerStatus) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	say(table, "WORKER\tDEVICE\tSTATE\tHEALTHY\tJOB\tACCOUNT\tPHASE\tRESTARTS\tSINCE\tAPPIUM\tSYSTEM PORTS\tREASON\n")
	for _, w := range workers {
		ports := none
		if w.SystemPorts != nil {
			ports = fmt.Sprintf("%d-%d", w.SystemPorts[0], w.SystemPorts[1])
		}
		say(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", w.ID, text(w.Device), w.State,
			yesNo(w.Healthy), text(w.JobID), text(w.AccountName), text(w.Phase), text(w.Restarts), clock(w.Since),
			text(w.AppiumPort), ports, text(w.Reason))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the workers: %w", err)
	}
	return nil
}

func text[T any](v *T) string {
	if v == nil {
		return none
	}
	return cmp.Or(fmt.Sprint(*v), none)
}

func yesNo(v *bool) string {
	switch {
	case v == nil:
		return none
	case *v:
		return "yes"
	default:
		return "no"
	}
}

// clock is the local time of day, with the day where that is not today.
func clock(t *time.Time) string {
	if t == nil {
		return none
	}
	local := t.Local()
	if local.Format(time.DateOnly) != time.Now().Format(time.DateOnly) {
		return local.Format(time.DateTime)
	}
	return local.Format(time.TimeOnly)
}
