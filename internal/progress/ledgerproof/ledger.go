package ledgerproof

import (
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// ledger is what is proved.
type ledger interface {
	progress.Ledger
	progress.Keeper
}

// openLedger is the one place that knows which ledger is proved.
func openLedger(dir string) (ledger, error) {
	l, err := fileledger.Open(dir, fileledger.Options{})
	if err != nil {
		return nil, err
	}
	return l, nil
}
