package main

import (
	"context"
	"strings"
	"testing"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestStop(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"stop"}, {"stop", "--now"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, twoJobs)
			w.must("seed")
			w.write("data/.secrets/"+workerimage.SecretProxyURL, "left by an orchestrator that was killed")
			w.engine.Run = runUntilSignal
			spec := workerimage.Container{
				Name: "test-worker-0", Image: "postfleet-worker:dev", Network: "postfleet-test",
				Labels: map[string]string{
					workerimage.LabelFleet: "test", workerimage.LabelRole: workerimage.RoleWorker,
				},
			}
			if err := w.engine.EnsureNetwork(t.Context(), "postfleet-test", "test"); err != nil {
				t.Fatal(err)
			}
			if _, err := w.engine.Start(t.Context(), spec); err != nil {
				t.Fatal(err)
			}
			w.must(args...)
			w.mustHold("output", w.out.String(), "fleet test is down")
			if left, err := w.engine.List(t.Context(), "test"); err != nil || len(left) != 0 {
				t.Errorf("got containers %v, error %v; want none", left, err)
			}
			if len(w.engine.Networks()) != 0 {
				t.Errorf("got networks %v, want none", w.engine.Networks())
			}
			for _, name := range []string{"data/.secrets", "data/shutdown"} {
				if exists(w.path(name)) {
					t.Errorf("%s is still there", name)
				}
			}
		})
	}
}

// runUntilSignal is a worker that ends when it is drained.
func runUntilSignal(
	ctx context.Context, _ workerimage.Container, signals <-chan orchestrator.Signal,
) orchestrator.Exit {
	select {
	case <-signals:
	case <-ctx.Done():
	}
	return orchestrator.Exit{}
}

// A damaged ledger must not keep a fleet running.
func TestStopWithADamagedLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.must("seed")
	w.write("data/progress.csv", "no ledger")
	w.remove("data/progress.csv.journal")
	w.must("stop")
	w.mustHold("log", w.err.String(), "the ledger cannot be read")
}
