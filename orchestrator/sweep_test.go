package orchestrator_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestRunningWorkersAreAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(6)...))
		for _, s := range f.plan.Slots {
			f.place(s.Worker)
		}
		after(jobTime / 2)
		wantJobs(t, f.run(), orchestrator.Counts{Total: 6, Success: 6}, workerimage.ExitDone)
		if got := len(f.starts); got != 2 {
			t.Errorf("got %d workers, want the two that ran already: %v", got, f.starts)
		}
	})
}

func TestAdoptedWorkersAreDrained(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger(numbered(6)...))
		f.place(f.plan.Slots[0].Worker)
		o := f.orchestrator()
		done := f.background(o)
		after(jobTime / 2)
		o.Drain()
		wantJobs(t, <-done, orchestrator.Counts{Total: 6, Success: 1, Pending: 5}, workerimage.ExitPending)
		f.nothingLeft()
	})
}

// TestDrainingWorkerIsAdopted: what the predecessor had told it must not end
// the successor's run.
func TestDrainingWorkerIsAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger(numbered(3)...))
		c := f.place(f.plan.Slots[0].Worker)
		after(jobTime / 2)
		if err := f.engine.Signal(t.Context(), c.ID, orchestrator.SignalDrain); err != nil {
			t.Fatal(err)
		}
		wantJobs(t, f.run(), orchestrator.Counts{Total: 3, Success: 3}, workerimage.ExitDone)
	})
}

// TestIdleDrainingWorkerIsAdopted: as before, but it changes no row any more.
func TestIdleDrainingWorkerIsAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		idle := f.plan.Slots[0].Worker
		f.engine.Run = f.idleFirst()
		f.place(idle)
		wantJobs(t, f.run(), orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(4)...))
		changed := f.plan.Slots[0].Worker.WithLabels(map[string]string{workerimage.LabelSpec: "older"})
		old := f.place(changed)
		kept := f.place(f.plan.Slots[1].Worker)
		stray := f.plan.Slots[1].Worker
		stray.Name, stray.Ports = "f-worker-7", nil
		f.place(stray.WithLabels(map[string]string{workerimage.LabelWorker: "7"}))
		foreign := f.plan.Slots[0].Worker
		foreign.Name, foreign.Ports, foreign.Network = "other-worker-0", nil, ""
		foreign.Command, foreign.Env = []string{"run"}, nil
		f.place(foreign.WithLabels(map[string]string{workerimage.LabelFleet: "other", workerimage.LabelRole: "any"}))
		after(jobTime / 2)

		o := f.orchestrator()
		done := f.background(o)
		synctest.Wait()
		slots := o.Slots()
		if slots[0].Container == old.ID || slots[0].Container == "" {
			t.Errorf("slot 0 has container %q, want a new one", slots[0].Container)
		}
		if slots[1].Container != kept.ID {
			t.Errorf("slot 1 has container %q, want %q", slots[1].Container, kept.ID)
		}
		if got := f.list("f"); !slices.Equal(got, []string{"f-worker-0", "f-worker-1"}) {
			t.Errorf("got %v, want the stray gone", got)
		}
		wantJobs(t, <-done, orchestrator.Counts{Total: 4, Success: 4}, workerimage.ExitDone)
		if got := f.list("other"); !slices.Equal(got, []string{"other-worker-0"}) {
			t.Errorf("got %v, want the other fleet left alone", got)
		}
		if slices.Contains(f.heard, orchestrator.SignalDrain) || !slices.Contains(f.heard, orchestrator.SignalCancel) {
			t.Errorf("workers heard %v, want those that go to be cancelled, not killed", f.heard)
		}
	})
}

func TestLeftoversOfAFinishedFleetGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLedger("a")
		l.rows[0].Status = "success"
		f := newFleet(t, 1, l)
		f.place(f.plan.Slots[0].Worker)
		wantJobs(t, f.run(), orchestrator.Counts{Total: 1, Success: 1}, workerimage.ExitDone)
	})
}
