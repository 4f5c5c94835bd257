// Command orchestrator runs a fleet of workers, each in a container of its own
// with its own Appium server, that post the rows of jobs.csv to phones. It
// parses, loads, wires and reports; everything else is in the packages it wires.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // time_zone must load where the system has no zone files

	"postfleet/internal/dockerengine"
	"postfleet/internal/fault"
	"postfleet/internal/progress/guard"
	"postfleet/workerimage"
)

func main() {
	signals := make(chan os.Signal, signalBacklog)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	a := &app{
		stdin:   os.Stdin,
		stdout:  os.Stdout,
		stderr:  os.Stderr,
		environ: os.Environ(),
		signals: signals,
		exit:    os.Exit,
		newEngine: func() (engine, error) {
			return dockerengine.New()
		},
		newExamined: func() (examined, error) {
			return dockerengine.New()
		},
		openLedger: openFileLedger,
		probeLocks: func(ctx context.Context, dataDir string) error {
			return probeLocks(ctx, dataDir, guard.ProbeDelay)
		},
		probeShared: probeShared,
	}
	os.Exit(a.run(context.Background(), os.Args[1:]))
}

// signalBacklog: three signals are told apart, and none of them may be lost.
const signalBacklog = 3

// run executes one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.command() //nolint:contextcheck // the commands have ctx from ExecuteContext
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if text := message(err); text != "" {
		say(a.stderr, "orchestrator: %s\n", strings.TrimPrefix(text, "orchestrator: "))
	}
	return exitCode(err, a.started)
}

// exitStatus ends the program with a code, everything having been said.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// message is what is still to be said about err: each of the joined errors on
// lines of its own, but for the exit status.
func message(err error) string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var lines []string
		for _, e := range joined.Unwrap() {
			if text := message(e); text != "" {
				lines = append(lines, text)
			}
		}
		return strings.Join(lines, "\n")
	}
	if _, said := errors.AsType[exitStatus](err); said || err == nil {
		return ""
	}
	return err.Error()
}

// exitCode is the one place where errors become exit codes; the table is in
// workerimage/exit.go. What goes wrong before the command started is usage.
func exitCode(err error, started bool) int {
	status, hasStatus := errors.AsType[exitStatus](err)
	switch {
	case err == nil:
		return workerimage.ExitDone
	case hasStatus:
		return int(status)
	case !started, fault.Is(err, fault.Input):
		return workerimage.ExitUsage
	case fault.Is(err, fault.Ledger):
		return workerimage.ExitLedger
	default:
		return workerimage.ExitError
	}
}
