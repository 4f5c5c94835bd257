package orchestrator_test

import (
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestDrainLetsJobsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(9)...))
		o := f.orchestrator()
		done := f.background(o)
		after(jobTime / 2)
		o.Drain()
		o.Drain()
		synctest.Wait()
		if !f.exists(orchestrator.ShutdownFile) {
			t.Error("no shutdown file while draining")
		}
		report := <-done
		wantJobs(t, report, orchestrator.Counts{Total: 9, Success: 2, Pending: 7}, workerimage.ExitPending)
		if !report.Drained {
			t.Error("drained: got false, want true")
		}
		want := []orchestrator.Signal{orchestrator.SignalDrain, orchestrator.SignalDrain}
		if !slices.Equal(f.heard, want) {
			t.Errorf("workers heard %v, want %v", f.heard, want)
		}
		f.nothingLeft()
	})
}

func TestCancelPutsJobsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(9)...))
		o := f.orchestrator()
		done := f.background(o)
		after(jobTime / 2)
		o.Drain()
		after(time.Second)
		began := time.Now()
		o.Cancel()
		wantJobs(t, <-done, orchestrator.Counts{Total: 9, Pending: 9}, workerimage.ExitPending)
		if took := time.Since(began); took > time.Second {
			t.Errorf("cancel took %s, want no waiting for the jobs", took)
		}
		f.nothingLeft()
	})
}

func TestCancelWithoutDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger(numbered(2)...))
		o := f.orchestrator()
		done := f.background(o)
		after(jobTime / 2)
		o.Cancel()
		report := <-done
		if report.Jobs.Open() == 0 || !report.Drained {
			t.Errorf("got %+v, want rows left", report)
		}
		f.nothingLeft()
	})
}

func TestWorkersThatOutliveTheGraceAreKilled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(900)...))
		f.deaf = true
		f.opts.Grace = 3 * jobTime
		o := f.orchestrator()
		done := f.background(o)
		after(jobTime / 2)
		began := time.Now()
		o.Drain()
		report := <-done
		if took := time.Since(began); took != f.opts.Grace {
			t.Errorf("took %s, want the grace of %s", took, f.opts.Grace)
		}
		if report.ExitCode != workerimage.ExitPending || report.Jobs.Claimed != 0 {
			t.Errorf("got exit code %d and %+v, want the killed workers' rows rescued", report.ExitCode, report.Jobs)
		}
		f.nothingLeft()
	})
}

func TestDrainBeforeTheStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2, newLedger(numbered(2)...))
		o := f.orchestrator()
		o.Drain()
		report, err := o.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantJobs(t, report, orchestrator.Counts{Total: 2, Pending: 2}, workerimage.ExitPending)
		if len(f.starts) > 0 {
			t.Errorf("started %v", f.starts)
		}
	})
}

func TestDrainWhileOthersStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 4, newLedger(numbered(9)...))
		f.opts.StartLimit, f.opts.StartHold = 1, time.Hour
		o := f.orchestrator()
		done := f.background(o)
		after(jobTime / 2)
		o.Drain()
		wantJobs(t, <-done, orchestrator.Counts{Total: 9, Success: 1, Pending: 8}, workerimage.ExitPending)
		if got := len(f.starts); got != 1 {
			t.Errorf("started %v, want the first only", f.starts)
		}
		f.nothingLeft()
	})
}

func TestDrainDuringBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger("a"))
		f.opts.Restart.Backoff, f.opts.Restart.BackoffMax = time.Hour, time.Hour
		f.onStart = func(int, int) int { return workerimage.ExitDevice }
		o := f.orchestrator()
		done := f.background(o)
		after(time.Second)
		if got := o.Slots()[0]; got.Phase != orchestrator.SlotBackoff || got.Reason == "" {
			t.Errorf("got %+v, want backoff with a reason", got)
		}
		began := time.Now()
		o.Drain()
		wantJobs(t, <-done, orchestrator.Counts{Total: 1, Pending: 1}, workerimage.ExitPending)
		if took := time.Since(began); took > 0 {
			t.Errorf("took %s, want at once", took)
		}
	})
}

func TestShutdownFileDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1, newLedger(numbered(5)...))
		done := f.background(f.orchestrator())
		after(jobTime / 2)
		touch(t, filepath.Join(f.opts.DataDir, orchestrator.ShutdownFile))
		report := <-done
		wantJobs(t, report, orchestrator.Counts{Total: 5, Success: 1, Pending: 4}, workerimage.ExitPending)
		if !report.Drained {
			t.Error("drained: got false, want true")
		}
		f.nothingLeft()
	})
}
