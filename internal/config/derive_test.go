package config_test

import (
	"testing"
	"time"

	"postfleet/internal/config"
)

func TestNetwork(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, want string }{
		{"default fleet", "fleet: default", "postfleet"},
		{"another fleet has its own", "fleet: spring", "postfleet-spring"},
		{"as it was named", "{fleet: spring, docker: {network: shared}}", "shared"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(config.Options{Path: writeFile(t, tt.file), Simulate: true})
			if err != nil {
				t.Fatal(err)
			}
			if got.Derived.Network != tt.want {
				t.Errorf("network: got %q, want %q", got.Derived.Network, tt.want)
			}
		})
	}
}

// TestBudgetsNest: whatever the grace, an attempt with its verification and its
// two clean-ups, of a fifth of the verification each, ends before the drain
// does, and each level leaves the next time for its own.
func TestBudgetsNest(t *testing.T) {
	t.Parallel()
	for _, grace := range []string{"10s", "10.000000019s", "11s", "59s", "5m", "37m13s", "24h"} {
		got, err := config.Load(config.Options{
			Path: writeFile(t, "shutdown: {grace: "+grace+"}"), Simulate: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		b := got.Derived.Timeouts
		if b.Job <= 0 || b.Verify <= 0 || b.Job+b.Verify+2*b.Verify/5 > b.Drain ||
			b.Drain >= b.ContainerStop || b.ContainerStop >= b.Grace {
			t.Errorf("grace %s: got %+v, want job + verify + clean-ups <= drain < container stop < grace", grace, b)
		}
		if left := b.ContainerStop - b.Drain; left < 500*time.Millisecond {
			t.Errorf("grace %s: got %v for the worker's end", grace, left)
		}
	}
	_, err := config.Load(config.Options{Path: writeFile(t, "shutdown: {grace: 9.999s}"), Simulate: true})
	if err == nil {
		t.Error("a grace below the minimum is accepted")
	}
}
