package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/worker"
	"postfleet/workerimage"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Live a worker's life; the settings are in " + workerimage.EnvSettings,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.settings()
			if err != nil {
				return err
			}
			return a.live(cmd.Context(), s)
		},
	}
}

func (a *app) settings() (workerimage.Settings, error) {
	text := a.getenv(workerimage.EnvSettings)
	if text == "" {
		return workerimage.Settings{}, fault.Errorf(fault.Input,
			"%s is not set: the orchestrator starts workers", workerimage.EnvSettings)
	}
	s, err := workerimage.DecodeSettings(text)
	return s, fault.Mark(fault.Input, err)
}

// live runs the worker and reports its end where its log is.
func (a *app) live(ctx context.Context, s workerimage.Settings) error {
	file := logging.File(a.places.log("worker", s.WorkerID))
	defer func() { _ = file.Close() }()
	logger := logging.Tee(
		logging.Terminal(a.stderr, slog.LevelInfo), logging.JSON(file, slog.LevelDebug),
	).With(slog.String(logging.KeyWorker, strconv.Itoa(s.WorkerID)))

	ledger, err := fileledger.Open(a.places.data, fileledger.Options{
		Logger: logger, TrustFileSystem: s.TrustFileSystem,
	})
	if err != nil {
		return err
	}
	if s.Device.CloudPhone != "" {
		a.account, err = a.openAccount(s, logger)
	}
	if err == nil && s.Claude != (workerimage.Claude{}) {
		a.guide, err = a.openGuide(s, logger)
	}
	var w *worker.Worker
	if err == nil {
		w, err = a.wire(s, ledger, logger)
	}
	if err == nil {
		stop := a.watchSignals(ctx, w, logger)
		err = w.Run(ctx)
		stop()
	}
	if a.guide != nil {
		err = errors.Join(err, a.guide.Close())
	}
	if a.account != nil {
		err = errors.Join(err, a.account.Close())
	}
	err = errors.Join(err, ledger.Close())
	if err != nil {
		logger.ErrorContext(ctx, "worker failed", logging.Err(err),
			slog.String(logging.KeyClass, fault.Of(err).String()),
			slog.Int(logging.KeyExitCode, exitCode(err, true)))
	}
	return err
}

// log is the path of a log file of the n-th worker.
func (p places) log(what string, n int) string {
	return filepath.Join(p.logs, fmt.Sprintf("%s-%d.log", what, n))
}
