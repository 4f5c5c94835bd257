package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// postingWorker is a worker that succeeds in every job at once.
func postingWorker(
	ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
) orchestrator.Exit {
	return workWith(ctx, spec, signals, func(context.Context, progress.Claim) progress.Outcome {
		return progress.Success()
	})
}

// workWith claims jobs until there are none or a signal comes, and ends each
// with what do says. What goes wrong is exit code 1.
func workWith(
	ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	do func(context.Context, progress.Claim) progress.Outcome,
) orchestrator.Exit {
	settings, err := workerimage.DecodeSettings(spec.Env[workerimage.EnvSettings])
	if err != nil {
		return orchestrator.Exit{Code: workerimage.ExitUsage, Tail: err.Error()}
	}
	ledger, err := fileledger.Open(spec.Mounts[0].Source, fileledger.Options{})
	if err != nil {
		return orchestrator.Exit{Code: workerimage.ExitLedger, Tail: err.Error()}
	}
	defer ledger.Close() //nolint:errcheck // a fake that ends
	member, err := ledger.Join(ctx, strconv.Itoa(settings.WorkerID))
	if err != nil {
		return orchestrator.Exit{Code: 1, Tail: err.Error()}
	}
	if err := claimAll(ctx, member, settings.Device, signals, do); err != nil {
		return orchestrator.Exit{Code: 1, Tail: err.Error()}
	}
	return orchestrator.Exit{}
}

func claimAll(
	ctx context.Context, member progress.Member, device workerimage.Device, signals <-chan orchestrator.Signal,
	do func(context.Context, progress.Claim) progress.Outcome,
) error {
	terms := progress.Terms{Only: device.Accounts, Reserved: device.ReservedAccounts, Location: time.UTC}
	for {
		select {
		case <-signals:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		claim, err := member.Claim(ctx, terms)
		switch {
		case errors.Is(err, progress.ErrNothingLeft):
			return nil
		case errors.Is(err, progress.ErrNothingNow):
			pause(ctx, time.Millisecond)
		case err != nil:
			return err
		default:
			if err := member.Finish(ctx, claim, do(ctx, claim)); err != nil {
				return err
			}
		}
	}
}
