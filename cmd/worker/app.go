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

	"postfleet/internal/fault"
	"postfleet/internal/geelark/custody"
	"postfleet/internal/guide"
	"postfleet/internal/worker"
	"postfleet/workerimage"
)

// app is what a command has of the world. Tests give it another one.
type app struct {
	stdout, stderr io.Writer
	getenv         func(key string) string
	signals        <-chan os.Signal
	exit           func(code int)
	places         places

	// account is what the worker's cloud phones are rented on; nil when it has none.
	account *custody.Custody

	// guide is what the worker has beside its recipe; nil when it has nothing.
	guide *guide.Guide

	// started is set once the command line was understood.
	started bool
}

// places are where things are. In the image they never differ.
type places struct {
	data, logs, secrets, home string
	// appiumAddress is where Appium listens: the port is published, so the
	// loopback would not do in a container.
	appiumAddress string
	adbPort       int
}

func imagePlaces() places {
	const adbDefaultPort = 5037 // the container has a network of its own
	return places{
		data: workerimage.DataDir, logs: workerimage.LogDir, secrets: workerimage.SecretsDir,
		home: workerimage.HomeDir, appiumAddress: "0.0.0.0", adbPort: adbDefaultPort,
	}
}

func (p places) healthSocket() string { return filepath.Join(p.home, "worker.sock") }

// run executes one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.command() //nolint:contextcheck // the commands have ctx from ExecuteContext
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil {
		_, _ = fmt.Fprintln(a.stderr, lastWords(err))
	}
	return exitCode(err, a.started)
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "worker",
		Short: "Drive one phone: start Appium, and post one job after the other",
		Long: "Drive one phone: start Appium, and post one job after the other.\n\n" +
			"Exit codes: 0 nothing left or drained, 1 error, 2 usage or settings,\n" +
			"10 Appium would not start or kept dying, 11 the phone is unreachable,\n" +
			"12 the phone needs a person, 13 the ledger refused to work.",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRun:  func(*cobra.Command, []string) { a.started = true },
		Args:              cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			a.started = false // a command is missing
			return errors.New("name a command; 'worker --help' lists them")
		},
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.AddCommand(a.runCommand(), a.healthcheckCommand())
	return root
}

func lastWords(err error) workerimage.LastWords {
	return workerimage.LastWords{
		Why: strings.TrimPrefix(err.Error(), "worker: "), Fleet: errors.Is(err, worker.ErrFleet),
	}
}

// exitCode is the one place where errors become exit codes; the table is in
// workerimage/exit.go. What goes wrong before the command started is usage.
func exitCode(err error, started bool) int {
	if err == nil {
		return workerimage.ExitDone
	}
	if !started {
		return workerimage.ExitUsage
	}
	switch fault.Of(err) {
	case fault.Input:
		return workerimage.ExitUsage
	case fault.Appium:
		return workerimage.ExitAppium
	case fault.Device:
		return workerimage.ExitDevice
	case fault.Human:
		return workerimage.ExitHuman
	case fault.Ledger:
		return workerimage.ExitLedger
	default:
		return workerimage.ExitError
	}
}
