package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/docker/go-units"
	"github.com/spf13/cobra"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

func (a *app) jobsShowCommand() *cobra.Command {
	var flags configFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show everything there is about one job",
		Long: "Show everything there is about one job: its row of the ledger, its attempts as\n" +
			"results.csv has them, and the files that failed attempts left.",
		Args: cobra.ExactArgs(1),
		RunE: a.untilSignal(func(cmd *cobra.Command, args []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			_, picked, err := a.pickJobs(cmd.Context(), place, jobPick{ids: args})
			if err != nil {
				return err
			}
			if len(picked) != 1 {
				return fault.Errorf(fault.Input, "job %q: name one job; 'orchestrator jobs list' shows many", args[0])
			}
			story, err := readStory(place.Derived.DataDir, picked[0])
			if err != nil {
				return err
			}
			show := showJob
			if asJSON {
				show = showJobJSON
			}
			return unlessGone(show(a.stdout, story))
		}),
	}
	flags.addPlace(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// jobStory is all that is known of a job.
type jobStory struct {
	row       *progress.Row
	results   []jobs.Result
	artifacts []artifactDir
}

func readStory(dataDir string, row *progress.Row) (jobStory, error) {
	all, err := jobs.ReadResults(filepath.Join(dataDir, resultsFile), row.ID)
	if err != nil {
		return jobStory{}, err
	}
	story := jobStory{row: row}
	for _, r := range all {
		// A job of another account or video had the id in an archived ledger.
		if r.Account == row.Account && r.Video == row.Video {
			story.results = append(story.results, r)
		}
	}
	story.artifacts, err = readArtifacts(dataDir, row.ID)
	return story, err
}

// showJob is for people.
func showJob(out io.Writer, s jobStory) error {
	r := s.row
	var b strings.Builder
	fmt.Fprintf(&b, "job %d: %s\n", r.ID, r.Status)
	for _, line := range []struct{ name, value string }{
		{"account", r.Account},
		{"video", r.Video},
		{"since", timeText(r.Time)},
		{"worker", r.WorkerID},
		{"phase", string(r.Phase)},
		{"attempts", strconv.Itoa(r.Attempts)},
		{"deaths", strconv.Itoa(r.Deaths)},
		{"not before", timeText(r.NotBefore)},
		{"error", r.Error},
	} {
		if line.value != "" {
			fmt.Fprintf(&b, "  %-12s%s\n", line.name, oneLine(line.value))
		}
	}
	b.WriteString("  caption\n")
	for line := range strings.Lines(r.Caption) {
		fmt.Fprintf(&b, "    | %s\n", oneLine(line))
	}
	if doubtful(r) {
		fmt.Fprintf(&b, "next: %s. If it is not there: 'orchestrator jobs requeue %d --i-have-checked'\n",
			whereToLook(r), r.ID)
	}
	if err := showAttempts(&b, s.results); err != nil {
		return err
	}
	showArtifacts(&b, s.artifacts)
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print the job: %w", err)
	}
	return nil
}

func showAttempts(b *strings.Builder, results []jobs.Result) error {
	if len(results) == 0 {
		b.WriteString("no attempt of it in " + resultsFile + "\n")
		return nil
	}
	b.WriteString("attempts that ended:\n")
	table := &textTable{header: []string{"  ATTEMPT", "TIME", "STATUS", "WORKER", "DEVICE", "TOOK", "ERROR"}}
	for _, r := range results {
		table.add("  "+strconv.Itoa(r.Attempt), timeText(r.Time), r.Status, r.WorkerID, r.Device,
			r.Duration.String(), classed(r))
	}
	return table.print(b, 0)
}

// classed is the error of an attempt with its class.
func classed(r jobs.Result) string {
	if r.ErrorClass == "" {
		return r.Error
	}
	return r.ErrorClass + ": " + r.Error
}

func showArtifacts(b *strings.Builder, dirs []artifactDir) {
	for _, dir := range dirs {
		fmt.Fprintf(b, "artifacts: %s\n", dir.Path)
		for _, f := range dir.Files {
			fmt.Fprintf(b, "  %-20s %s\n", f.Name, units.HumanSize(float64(f.Bytes)))
		}
	}
}

// showJobJSON prints the row's keys, and results and artifacts beside them.
func showJobJSON(out io.Writer, s jobStory) error {
	document := struct {
		jobJSON

		Results   []resultJSON  `json:"results"`
		Artifacts []artifactDir `json:"artifacts"`
	}{jobJSON: jobJSONOf(s.row), Results: resultsJSON(s.results), Artifacts: s.artifacts}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("print the job: %w", err)
	}
	return nil
}
