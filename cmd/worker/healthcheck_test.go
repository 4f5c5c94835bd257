package main

import (
	"testing"
	"time"

	"postfleet/workerimage"
)

// TestDetection: a worker that hangs is unhealthy within 45 s, which is Docker's
// retries alone; the check itself ends before Docker loses patience with it.
func TestDetection(t *testing.T) {
	t.Parallel()
	c, err := workerimage.Place{Fleet: "f"}.Worker(goodSettings())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Health.Detection(); got > 45*time.Second {
		t.Errorf("from hung to unhealthy: got %v, want at most 45s", got)
	}
	if c.Health.Retries < 2 {
		t.Errorf("got %d retries: a single missed answer must not do", c.Health.Retries)
	}
	if healthTimeout >= c.Health.Timeout {
		t.Errorf("the check takes %v, Docker waits %v for it", healthTimeout, c.Health.Timeout)
	}
}
