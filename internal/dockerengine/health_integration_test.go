//go:build integration

package dockerengine_test

import (
	"context"
	"testing"
	"time"

	"postfleet/internal/dockerengine"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestIntegrationHealthInAList: a list is the only place where the orchestrator
// looks for its workers' health.
func TestIntegrationHealthInAList(t *testing.T) {
	engine, err := dockerengine.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	const fleet = "health-in-a-list"
	checks := map[string][]string{
		string(orchestrator.HealthHealthy): {"true"}, string(orchestrator.HealthUnhealthy): {"false"},
		string(orchestrator.HealthStarting): {"sleep", "60"},
	}
	for want, check := range checks {
		spec := workerimage.Container{
			Name: fleet + "-" + want, Image: image, Command: []string{"sleep", "3600"},
			Labels: map[string]string{workerimage.LabelFleet: fleet, workerimage.LabelDevice: want},
			// 0 would be the image's own.
			Health: &workerimage.Health{
				Command: check, Interval: 100 * time.Millisecond, Timeout: time.Minute,
				StartPeriod: time.Millisecond, Retries: 1,
			},
		}
		c, err := engine.Start(t.Context(), spec)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := engine.Remove(context.WithoutCancel(t.Context()), c.ID); err != nil {
				t.Error(err)
			}
		})
	}
	deadline := time.After(30 * time.Second)
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		found, err := engine.List(t.Context(), fleet)
		if err != nil {
			t.Fatal(err)
		}
		wrong := 0
		for _, c := range found {
			if string(c.Health) != c.Labels[workerimage.LabelDevice] {
				wrong++
			}
		}
		if len(found) == len(checks) && wrong == 0 {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("got %+v, want each to have the health that is its device's name", found)
		}
	}
}
