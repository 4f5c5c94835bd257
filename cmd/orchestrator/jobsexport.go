package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

const (
	formatCSV  = "csv"
	formatJSON = "json"
	// stdStream stands for standard input or output where a file is named.
	stdStream = "-"
)

func (a *app) jobsExportCommand() *cobra.Command {
	var flags configFlags
	var pick jobPick
	var format, output string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the ledger as it is now, as CSV or JSON",
		Long: "Write the ledger as it is now, all of it or the jobs that are chosen. CSV has exactly the\n" +
			"columns of progress.csv. A file is replaced as a whole when everything is written.",
		Args: cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			write, err := exporter(format)
			if err != nil {
				return err
			}
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			toFile := output != "" && output != stdStream
			if toFile {
				if err := checkOutput(output, place.Derived.DataDir); err != nil {
					return err
				}
			}
			_, picked, err := a.pickJobs(cmd.Context(), place, pick)
			if err != nil {
				return err
			}
			if !toFile {
				return unlessGone(write(a.stdout, picked))
			}
			if err := jobs.ReplaceFile(output, func(w io.Writer) error { return write(w, picked) }); err != nil {
				return fmt.Errorf("export: %w", err)
			}
			say(a.stderr, "%s written to %s\n", jobCount(len(picked)), output)
			return nil
		}),
	}
	flags.addPlace(cmd)
	addPickFlags(cmd, &pick)
	cmd.Flags().StringVar(&format, "format", formatCSV, "csv or json")
	cmd.Flags().StringVarP(&output, "output", "o", "", "the `file` to write (default standard output)")
	return cmd
}

// exportFunc writes rows down.
type exportFunc func(out io.Writer, rows []*progress.Row) error

func exporter(format string) (exportFunc, error) {
	switch format {
	case formatCSV:
		return writeJobsCSV, nil
	case formatJSON:
		return writeJobsJSON, nil
	default:
		return nil, fault.Errorf(fault.Input, "--format %q: it can be %s or %s", format, formatCSV, formatJSON)
	}
}

// writeJobsCSV writes what progress.csv holds of the rows.
func writeJobsCSV(out io.Writer, rows []*progress.Row) error {
	buffered := bufio.NewWriter(out)
	line := jobs.AppendCSV(
		nil, "job_id", jobs.ColumnAccount, jobs.ColumnVideo, jobs.ColumnCaption, "status", "worker_id", "timestamp",
		"error", "attempts", "phase", "not_before",
	)
	_, _ = buffered.Write(line) // Flush has the error
	for _, r := range rows {
		line = jobs.AppendCSV(
			line[:0], strconv.Itoa(r.ID), r.Account, r.Video, r.Caption, string(r.Status), r.WorkerID,
			progress.FormatTime(r.Time), r.Error, strconv.Itoa(r.Attempts), string(r.Phase),
			progress.FormatTime(r.NotBefore),
		)
		_, _ = buffered.Write(line)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write the jobs: %w", err)
	}
	return nil
}
