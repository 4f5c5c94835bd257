package worker

import (
	"context"
	"fmt"
	"log/slog"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
)

const keyFile = "file"

// appends is how often a line of results.csv or posted.csv is tried. The ledger
// has the truth, so a line that cannot be written stops nothing.
const appends = 4

func (a *attempt) append(ctx context.Context, path string, add func(path string) error) {
	wait := a.cfg.Patience.Backoff
	for try := 1; ; try++ {
		err := add(path)
		if err == nil {
			return
		}
		if try == appends {
			a.logger.ErrorContext(ctx, "line lost", slog.String(keyFile, path), logging.Err(err))
			return
		}
		sleep(ctx, wait)
		wait *= 2
	}
}

// remark is the error of the row in results.csv: why the job failed, or, of one
// that did not, that its proxy was not rotated.
func (a *attempt) remark(o progress.Outcome) string {
	if o.Reason() == "" && a.unrotated != nil {
		return fmt.Sprintf("proxy not rotated: %v", a.unrotated)
	}
	return o.Reason()
}
