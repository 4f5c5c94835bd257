package orchestrator_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, status orchestrator.Status) {
	t.Helper()
	got, err := json.MarshalIndent(status, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", name, diff)
	}
}

// busyFleet has run for an hour: one worker in a job, one with nothing claimed,
// one planned but without a container.
func busyFleet(t *testing.T) *fleet {
	t.Helper()
	began := time.Now()
	f := newFleet(t, 3, newLedger(numbered(7)...))
	f.engine.Run = nil // containers that run until removed
	for i, restarts := range []string{"0", "2"} {
		spec := f.plan.Slots[i].Worker.WithLabels(map[string]string{
			workerimage.LabelRun:      began.UTC().Format(time.RFC3339),
			workerimage.LabelRestarts: restarts,
		})
		f.place(spec)
	}
	after(time.Hour)
	now := time.Now()
	rows := f.ledger.rows
	for i, r := range []progress.Row{
		{Status: progress.StatusSuccess, Time: began.Add(-time.Minute)}, // before this run
		{Status: progress.StatusSuccess, Time: now.Add(-time.Minute)},
		{Status: progress.StatusFail, Time: now.Add(-time.Minute), Error: progress.UnknownPrefix + "the link broke"},
		{Status: progress.StatusFail, Time: now.Add(-time.Minute), Error: "no: " + progress.UnknownPrefix},
		{Status: progress.StatusSkip, Time: now.Add(-time.Minute)},
		{Status: progress.StatusClaimed, WorkerID: "0", Time: now.Add(-time.Minute), Phase: progress.PhasePosting},
		{Status: progress.StatusPending, WorkerID: "1", Time: now},
	} {
		r.ID, r.Account = rows[i].ID, rows[i].Account
		rows[i] = r
	}
	return f
}

func TestStatusOfARunningFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := busyFleet(t)
		status, err := f.readStatus(t)
		if err != nil || status.EngineError != nil {
			t.Fatal(err, status.EngineError)
		}
		golden(t, "status-running.json", status)
		f.engine.Close()
	})
}

func TestStatusFromLabelsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := busyFleet(t)
		status, err := orchestrator.StatusSource{Fleet: "f", Engine: f.engine, Ledger: f.ledger}.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "status-labels.json", status)
		f.engine.Close()
	})
}

func TestStatusWithoutEngine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := busyFleet(t)
		status, err := orchestrator.StatusSource{Fleet: "f", Slots: f.plan.Slots, Ledger: f.ledger}.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "status-no-engine.json", status)
		down := errors.New("down")
		f.engine.Fail = func(string, string) error { return down }
		again, err := f.readStatus(t)
		if err != nil || !errors.Is(again.EngineError, down) {
			t.Errorf("got %v and %v, want the engine's error in the status", err, again.EngineError)
		}
		golden(t, "status-no-engine.json", again)
		f.engine.Close()
	})
}

func TestStatusOfNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1, newLedger())
	status, err := orchestrator.StatusSource{Fleet: "f", Engine: f.engine, Ledger: f.ledger}.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "status-nothing.json", status)
}

func TestStatusOfADamagedLedger(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1, newLedger("a"))
	f.ledger.fail = fault.Errorf(fault.Ledger, "damaged")
	_, err := orchestrator.StatusSource{Fleet: "f", Engine: f.engine, Ledger: f.ledger}.Read(t.Context())
	if !fault.Is(err, fault.Ledger) {
		t.Errorf("got %v, want the ledger's fault", err)
	}
}

// readStatus is that of the whole fleet, without the slots' notes.
func (f *fleet) readStatus(t *testing.T) (orchestrator.Status, error) {
	t.Helper()
	source := orchestrator.StatusSource{Fleet: "f", Slots: f.plan.Slots, Engine: f.engine, Ledger: f.ledger}
	return source.Read(t.Context())
}
