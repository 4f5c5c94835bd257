package orchestrator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/orchestrator"
	"postfleet/orchestrator/enginetest"
	"postfleet/workerimage"
)

// status is what another process would read now.
func (f *fleet) status() orchestrator.WorkerStatus {
	f.t.Helper()
	s, err := orchestrator.StatusSource{
		Fleet: "f", DataDir: f.opts.DataDir, Slots: f.plan.Slots, Engine: f.engine, Ledger: f.ledger,
	}.Read(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return s.Workers[0]
}

func (f *fleet) wantStatus(state, reason string) {
	f.t.Helper()
	got := f.status()
	why := ""
	if got.Reason != nil {
		why = *got.Reason
	}
	if got.State != state || !strings.Contains(why, reason) || (why == "") != (reason == "") {
		f.t.Errorf("got state %s and reason %q, want %s and %q", got.State, why, state, reason)
	}
}

func TestStatusTellsWhyNoWorkerRuns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code          int
		state, reason string
	}{
		{workerimage.ExitHuman, "parked", "needs a person"},
		{workerimage.ExitAppium, "gave_up", "Appium would not start"},
		{workerimage.ExitDone, "stopped", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFleet(t, 1, newLedger("a"))
			f.opts.Restart.Max = 0
			f.engine.Run = nil
			f.plan.Slots[0].Worker.Command = f.exit(tc.code)
			f.run()
			f.wantStatus(tc.state, tc.reason)

			// The next run knows better.
			after(time.Minute)
			f.engine.Run = f.container
			done := f.background(f.orchestrator())
			after(jobTime / 2)
			f.wantStatus("running", "")
			<-done
			f.wantStatus("stopped", "")
		})
	}
}

func TestStatusOfABackOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		f.opts.Restart.Backoff, f.opts.Restart.BackoffMax = time.Hour, time.Hour
		f.onStart = func(int, int) int { return workerimage.ExitDevice }
		o := f.orchestrator()
		done := f.background(o)
		after(time.Minute)
		f.wantStatus("backoff", "unreachable")
		if got := f.status(); got.Restarts == nil || *got.Restarts != 2 || got.Since == nil {
			t.Errorf("got %+v, want 2 restarts and since when", got)
		}
		path := filepath.Join(f.opts.DataDir, "workers", "slot-0.json")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		o.Drain()
		<-done
		f.wantStatus("stopped", "")

		// As if the orchestrator had been killed meanwhile.
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		f.wantStatus("backoff", "unreachable")
		f.place(f.plan.Slots[0].Worker)
		f.wantStatus("running", "")
		f.engine.Kill("f-worker-0")
		synctest.Wait()
		f.wantStatus("backoff", "unreachable")
		after(time.Hour)
		f.wantStatus("exited", "")
		if err := os.WriteFile(path, text[:len(text)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		f.wantStatus("exited", "")
		f.engine.Close()
	})
}

// TestNotesOfEarlierRunsAreIgnored: a container of a newer run outdates them.
func TestNotesOfEarlierRunsAreIgnored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		f.onStart = func(int, int) int { return workerimage.ExitHuman }
		f.run()
		f.wantStatus("parked", "person")
		newer := map[string]string{workerimage.LabelRun: time.Now().Add(time.Minute).UTC().Format(time.RFC3339)}
		f.place(f.plan.Slots[0].Worker.WithLabels(newer))
		synctest.Wait()
		f.wantStatus("exited", "")
		f.engine.Close()
	})
}

// exit is the command of a worker that ends at once.
func (*fleet) exit(code int) []string { return enginetest.FakePrograms().Exit(code) }
