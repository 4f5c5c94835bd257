package progress_test

import (
	"testing"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/progresstest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	progresstest.Run(t, func(t *testing.T) progresstest.Open {
		t.Helper()
		dir := t.TempDir()
		return func(now func() time.Time) (progress.Ledger, error) {
			return progress.Open(dir, progress.Options{Now: now})
		}
	})
}
