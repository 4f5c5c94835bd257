package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

const (
	resultsFile   = "results.csv"
	artifactsName = "artifacts"
	// maxListed is how many rows of a kind the summary lists.
	maxListed = 10
)

// conclude says what came of the run and what to do next, and turns it into the
// exit status. An error of the run comes before the status.
func (l launcher) conclude(ctx context.Context, r orchestrator.Report, runErr error) error {
	rows, err := l.ledger.Snapshot(ctx)
	if err != nil && runErr == nil {
		runErr = err
	}
	say(l.app.stdout, "%s", summary(r, rows, l.config.Derived.DataDir))
	if l.keep {
		say(l.app.stdout, "the simulated phones were kept; 'orchestrator stop' ends them\n")
	}
	if errors.Is(runErr, orchestrator.ErrGaveUp) { // which the exit status tells of
		say(l.app.stderr, "%v\n", runErr)
		runErr = nil
	}
	if err := errors.Join(runErr, orchestrator.PhonesLeft(r.Phones)); err != nil {
		return err
	}
	if r.ExitCode = exitCodeOf(r.Jobs); r.ExitCode != workerimage.ExitDone {
		return exitStatus(r.ExitCode)
	}
	return nil
}

func exitCodeOf(c orchestrator.Counts) int {
	switch {
	case c.Open() > 0:
		return workerimage.ExitPending
	case c.Fail > 0:
		return workerimage.ExitFailed
	default:
		return workerimage.ExitDone
	}
}

// summary is what a person reads at the end.
func summary(r orchestrator.Report, rows []progress.Row, dataDir string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d jobs: %d success, %d fail, %d skip, %d pending",
		r.Jobs.Total, r.Jobs.Success, r.Jobs.Fail, r.Jobs.Skip, r.Jobs.Open())
	if r.Duration > 0 {
		fmt.Fprintf(&b, " (%v)", r.Duration.Round(time.Second))
	}
	b.WriteString("\n")
	if path := filepath.Join(dataDir, resultsFile); isFile(path) {
		fmt.Fprintf(&b, "results: %s\n", path)
	}
	listSlots(&b, r.Slots)
	listRows(&b, rows, "skipped", skipped)
	listRows(&b, rows, "failed", failed)
	listRows(&b, rows, "outcome unknown", unknown)
	if r.Jobs.Fail > 0 {
		fmt.Fprintf(&b, "what the phone showed: %s\n", filepath.Join(dataDir, artifactsName))
	}
	if r.Jobs.Unknown > 0 {
		b.WriteString("next: look at the profiles of the jobs whose outcome is unknown; they are never run again " +
			"by themselves. What is not there: 'orchestrator jobs requeue ID… --i-have-checked'\n")
	}
	if r.Jobs.Open() > 0 {
		b.WriteString("next: run launch again to go on with the pending jobs\n")
	}
	return b.String()
}

func skipped(row progress.Row) bool { return row.Status == progress.StatusSkip }

func failed(row progress.Row) bool { return row.Status == progress.StatusFail && !unknown(row) }

func unknown(row progress.Row) bool {
	return row.Status == progress.StatusFail && strings.HasPrefix(row.Error, progress.UnknownPrefix)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// listSlots names the workers that ended for a reason.
func listSlots(b *strings.Builder, slots []orchestrator.SlotState) {
	for _, s := range slots {
		if s.Phase == orchestrator.SlotParked || s.Phase == orchestrator.SlotGaveUp {
			fmt.Fprintf(b, "worker %d (%s) gave up: %s\n", s.ID, s.Device, s.Reason)
		}
	}
}

func listRows(b *strings.Builder, rows []progress.Row, what string, is func(progress.Row) bool) {
	listed := 0
	for _, row := range rows {
		if !is(row) {
			continue
		}
		if listed++; listed <= maxListed {
			fmt.Fprintf(b, "%s: job %d (%s, %s): %s\n", what, row.ID, row.Account, row.Video,
				strings.TrimPrefix(row.Error, progress.UnknownPrefix))
		}
	}
	if listed > maxListed {
		fmt.Fprintf(b, "%s: %d more, see progress.csv\n", what, listed-maxListed)
	}
}
