package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"postfleet/internal/progress/fileledger"
	"postfleet/orchestrator"
)

// engine is what the commands ask of a container engine.
type engine interface {
	orchestrator.Engine
	// HostPath returns path as the engine sees it.
	HostPath(ctx context.Context, path string) (string, error)
	// Image returns the image's id, or orchestrator.ErrNoImage with the mend.
	Image(ctx context.Context, ref string) (string, error)
	Close() error
}

// app is what a command has of the world. Tests give it another one.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
	signals        <-chan os.Signal
	exit           func(code int)
	newEngine      func() (engine, error)
	newExamined    func() (examined, error)
	openLedger     func(dataDir string, opts fileledger.Options) (keptLedger, error)
	// probeLocks finds out whether file locks work in the data directory.
	probeLocks func(ctx context.Context, dataDir string) error
	// probeShared finds out whether they work between here and a container.
	probeShared func(ctx context.Context, dataDir string, args []string) error

	// started is set once the command line was understood.
	started bool
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "orchestrator",
		Short: "Post the rows of jobs.csv, each once, with one worker per phone",
		Long: "Post the rows of jobs.csv, each once, with one worker per phone.\n\n" +
			"A run can be stopped, killed or cut off at any instant; launch resumes it.\n\n" +
			"Exit codes: 0 every job is success or skip, 1 error, 2 usage, config or input,\n" +
			"3 finished with fail rows, 4 ended with pending rows left, 13 the ledger refused to work.",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRun:  func(*cobra.Command, []string) { a.started = true },
		Args:              cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			a.started = false // a command is missing
			return errors.New("name a command; 'orchestrator --help' lists them")
		},
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.AddCommand(
		a.launchCommand(), a.statusCommand(), a.stopCommand(), a.logsCommand(),
		a.configCommand(), a.composeCommand(), a.seedCommand(), a.jobsCommand(), a.phonesCommand(),
		a.doctorCommand(), a.recipeCommand(), a.lockProbeCommand(), a.sharedProbeCommand(),
	)
	return root
}

// errInterrupted is the cause when a signal ended a command.
var errInterrupted = errors.New("interrupted")

// runFunc is what cobra calls for a command.
type runFunc = func(cmd *cobra.Command, args []string) error

// untilSignal gives a command a context that the first signal ends.
func (a *app) untilSignal(run runFunc) runFunc {
	return func(cmd *cobra.Command, args []string) error {
		ctx, cancel := context.WithCancelCause(cmd.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			select {
			case <-a.signals:
				cancel(errInterrupted)
			case <-ctx.Done():
			}
		}()
		defer func() {
			cancel(nil)
			<-done
		}()
		cmd.SetContext(ctx)
		return run(cmd, args)
	}
}

// unlessInterrupted is err, or nil where a signal is the usual way to end.
func unlessInterrupted(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errInterrupted) {
		return nil
	}
	return err
}

// say prints. Where it cannot, there is nobody to tell.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// isTerminal reports whether a person looks at w.
func isTerminal(w any) bool {
	f, ok := w.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}
