package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
	"postfleet/orchestrator"
)

// lockSuffix makes the name of the lock that is held while jobs.csv is replaced.
const lockSuffix = ".lock"

// appendFlags are what seed is told to add to jobs.csv first.
type appendFlags struct {
	file       string
	duplicates bool
}

func (f *appendFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "append", "",
		"first add the rows of this CSV `file`, - for standard input, to the end of "+jobsFile)
	cmd.Flags().BoolVar(&f.duplicates, "allow-duplicates", false,
		"with --append, add rows that are there already (account, video and caption) as well")
}

// appendJobs adds the rows of the file that flags name, if any, to the end of
// jobs.csv. Nothing is written before all of them are found good, and the ledger
// agrees with what jobs.csv holds so far.
func (a *app) appendJobs(cmd *cobra.Command, place config.Resolved, flags appendFlags) (err error) {
	switch {
	case !cmd.Flags().Changed("append") && flags.duplicates:
		return fault.Errorf(fault.Input, "--allow-duplicates says something about --append FILE only")
	case !cmd.Flags().Changed("append"):
		return nil
	}
	if err := requireDataDir(place); err != nil {
		return err
	}
	ctx, dataDir := cmd.Context(), place.Derived.DataDir
	name, text, err := readAddition(ctx, cmd.InOrStdin(), flags.file)
	if err != nil {
		return err
	}
	path := filepath.Join(dataDir, jobsFile)
	addition, err := jobs.PlanAddition(path, filepath.Join(dataDir, mediaName), name, text)
	if err != nil {
		return err
	}
	if len(addition.Repeats) > 0 && !flags.duplicates {
		return refuseRepeats(name, addition.Repeats)
	}
	if err := a.checkLedger(ctx, place); err != nil {
		return err
	}
	if _, err := orchestrator.PrepareDataDir(dataDir, place.Derived.LogDir); err != nil {
		return err
	}
	return a.writeAddition(addition, path)
}

// writeAddition has the file to itself among its like. What they wrote before
// is seen by Write.
func (a *app) writeAddition(addition *jobs.Addition, path string) (err error) {
	n, first := len(addition.Added), len(addition.Before)+1
	if n == 0 {
		say(a.stderr, "no rows to add\n")
		return nil
	}
	lock, err := filelock.Hold(path + lockSuffix)
	if errors.Is(err, progress.ErrBusy) {
		return fmt.Errorf("another 'seed --append' is writing %s: nothing was added, run this one again: %w", path, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if err := addition.Write(); err != nil {
		return err
	}
	say(a.stdout, "%d rows added to %s: jobs %s\n", n, path, idSpan{first, first + n - 1})
	return nil
}

// readAddition returns the text of the file, and the name that errors have for it.
func readAddition(ctx context.Context, stdin io.Reader, file string) (name string, text []byte, err error) {
	if file != stdStream {
		text, err = os.ReadFile(file)
		if err != nil {
			return "", nil, fault.Errorf(fault.Input, "--append: %w", err)
		}
		return file, text, nil
	}
	type read struct {
		text []byte
		err  error
	}
	done := make(chan read, 1)
	// Nothing ends a read of a terminal: after a signal it is left to the end of
	// the program.
	go func() {
		text, err := io.ReadAll(stdin)
		done <- read{text, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return "", nil, fmt.Errorf("--append: read standard input: %w", r.err)
		}
		return "standard input", r.text, nil
	case <-ctx.Done():
		return "", nil, fmt.Errorf("--append: read standard input: %w", context.Cause(ctx))
	}
}

func refuseRepeats(name string, repeats []error) error {
	var b strings.Builder
	for _, err := range repeats[:min(len(repeats), maxListed)] {
		fmt.Fprintf(&b, "%s: %s\n", name, err)
	}
	if more := len(repeats) - maxListed; more > 0 {
		fmt.Fprintf(&b, "%s: %d more\n", name, more)
	}
	b.WriteString("nothing was added: remove these rows, or add them all the same with --allow-duplicates; " +
		"a video is posted to its account again only where the row's allow_repeat column says yes")
	return fault.Mark(fault.Input, errors.New(b.String()))
}

// checkLedger refuses to add to a jobs.csv of which the ledger has other jobs:
// the rows would be in it and could not be seeded.
func (a *app) checkLedger(ctx context.Context, place config.Resolved) error {
	if isFile(filepath.Join(place.Derived.DataDir, jobsFile)) {
		quiet := *a
		quiet.stdout = io.Discard
		return quiet.seed(ctx, place)
	}
	rows, err := a.readRows(ctx, place)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return fault.Errorf(fault.Input, "the ledger has %s, and %s is not there: put it back, "+
			"or put the ledger away with 'orchestrator jobs archive'", jobCount(len(rows)),
			filepath.Join(place.Derived.DataDir, jobsFile))
	}
	return nil
}
