package main

import (
	"context"
	"log/slog"

	"postfleet/internal/config"
	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// keptLedger is a ledger as a person has it: to be read, and to be changed.
type keptLedger interface {
	progress.Ledger
	progress.Keeper
	// Version is the same again as long as the rows are.
	Version(ctx context.Context) (fileledger.Version, error)
}

func openFileLedger(dataDir string, opts fileledger.Options) (keptLedger, error) {
	ledger, err := fileledger.Open(dataDir, opts)
	if err != nil {
		return nil, err
	}
	return ledger, nil
}

// ledgerOf opens the ledger of the data directory, which must be there. What
// is mended or put aside is told on stderr.
func (a *app) ledgerOf(place config.Resolved) (keptLedger, error) {
	return a.openLedger(place.Derived.DataDir, fileledger.Options{
		TrustFileSystem: place.Ledger.TrustFileSystem,
		Logger:          slog.New(logging.Terminal(a.stderr, slog.LevelWarn)),
	})
}
