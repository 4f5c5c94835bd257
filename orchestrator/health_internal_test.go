package orchestrator

import (
	"strings"
	"testing"
	"time"

	"postfleet/workerimage"
)

// TestWard walks every state and health, in the same state for longer than the
// patience.
func TestWard(t *testing.T) {
	t.Parallel()
	worker := map[string]string{workerimage.LabelRole: workerimage.RoleWorker, workerimage.LabelWorker: "3"}
	phone := map[string]string{workerimage.LabelRole: workerimage.RolePhone, workerimage.LabelWorker: "3"}
	const patience = 20 * time.Second
	for _, labels := range []map[string]string{worker, phone, nil} {
		for _, state := range []State{StateCreated, StateRunning, StatePaused, StateExited} {
			for _, health := range []Health{HealthNone, HealthStarting, HealthHealthy, HealthUnhealthy} {
				w := ward{patience: patience}
				found := []Container{{ID: "c", Labels: labels, State: state, Health: health}}
				now := time.Now()
				for _, ill := range []time.Duration{0, patience - 1, patience, 2 * patience} {
					_, got := w.round(found, now.Add(ill))[3]
					sick := state == StatePaused || state == StateRunning && health == HealthUnhealthy
					want := sick && ill >= patience && labels[workerimage.LabelRole] == workerimage.RoleWorker
					if got != want {
						t.Errorf("%v %s %q for %s: stopped %t, want %t", labels, state, health, ill, got, want)
					}
				}
			}
		}
	}
}

func TestWardForgivesTheRecovered(t *testing.T) {
	t.Parallel()
	labels := map[string]string{workerimage.LabelRole: workerimage.RoleWorker, workerimage.LabelWorker: "0"}
	w := ward{patience: 10 * time.Second}
	now := time.Now()
	for i, step := range []struct {
		health Health
		want   bool
	}{
		{HealthUnhealthy, false},
		{HealthHealthy, false},
		{HealthUnhealthy, false},
		{HealthUnhealthy, false},
		{HealthUnhealthy, true},
		{HealthUnhealthy, true},
	} {
		at := now.Add(time.Duration(i) * 5 * time.Second)
		d, got := w.round([]Container{{ID: "c", Labels: labels, State: StateRunning, Health: step.health}}, at)[0]
		if got != step.want || got && !strings.Contains(d.reason, "health check failed for 1") {
			t.Errorf("look %d: got %t %+v, want %t", i, got, d, step.want)
		}
	}
}
