package fileledger_test

import (
	"testing"
	"time"

	"postfleet/internal/progress/fileledger"
	"postfleet/internal/progress/progresstest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	progresstest.Run(t, func(t *testing.T) progresstest.Open {
		t.Helper()
		dir := t.TempDir()
		return func(now func() time.Time) (progresstest.Store, error) {
			return fileledger.Open(dir, fileledger.Options{Now: now})
		}
	})
}
