package ledgerproof

import (
	"context"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// ledger is what is proved: of what a person may do to it, that which goes on
// while workers are at it.
type ledger interface {
	progress.Ledger
	Requeue(ctx context.Context, ids []int, checked bool) error
}

// openLedger is the one place that knows which ledger is proved.
func openLedger(dir string) (ledger, error) {
	l, err := fileledger.Open(dir, fileledger.Options{})
	if err != nil {
		return nil, err
	}
	return l, nil
}
