package orchestrator_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/usb"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// cable is a bus with at most one phone.
type cable struct {
	mu   sync.Mutex
	path string
	err  error
}

func (c *cable) plug(path string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.path, c.err = path, err
}

func (c *cable) Find(serial string) (usb.Phone, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if serial != "R5" {
		return usb.Phone{}, usb.ErrAbsent
	}
	return usb.Phone{Path: c.path, Group: 46}, c.err
}

const (
	firstNode  = "/dev/bus/usb/001/005"
	secondNode = "/dev/bus/usb/001/006"
)

// newUSBFleet has one worker, whose phone is on the cable.
func newUSBFleet(t *testing.T, c *cable, l *ledger) *fleet {
	t.Helper()
	cfg := validConfig()
	cfg.Devices = []orchestrator.DeviceConfig{{Name: "pixel", Connect: "usb", UDID: "R5"}}
	f := newFleetOf(t, cfg, l)
	f.opts.Bus = c
	return f
}

// nodes watches which device files the fleet's workers are given.
func (f *fleet) nodes() func() [][]string {
	var mu sync.Mutex
	var all [][]string
	f.engine.Run = func(
		ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		mu.Lock()
		all = append(all, append(spec.Devices, spec.Groups...))
		mu.Unlock()
		return f.container(ctx, spec, signals)
	}
	return func() [][]string {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// TestUSBPluggedInAgain: the phone has another device file then, so its worker
// puts its job back and is made anew with that; nothing is lost.
func TestUSBPluggedInAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &cable{path: firstNode}
		f := newUSBFleet(t, c, newLedger(numbered(2)...))
		f.jobTime = time.Minute
		nodes := f.nodes()
		done := f.background(f.orchestrator())
		after(20 * time.Second)
		c.plug("", usb.ErrAbsent)
		after(10 * time.Second)
		rows, err := f.ledger.Snapshot(t.Context())
		claimed := func(r progress.Row) bool { return r.Status == progress.StatusClaimed }
		if err != nil || slices.ContainsFunc(rows, claimed) {
			t.Errorf("unplugged: got %+v, %v; want the claimed job put back", rows, err)
		}
		c.plug(secondNode, nil)
		wantJobs(t, <-done, orchestrator.Counts{Total: 2, Success: 2}, 0)
		if diff := cmp.Diff([][]string{{firstNode, "46"}, {secondNode, "46"}}, nodes()); diff != "" {
			t.Errorf("device files (-want +got):\n%s", diff)
		}
		f.nothingLeft()
	})
}

// TestUSBChangesItsMode: a phone that is gone for a moment and back as it was
// costs nothing.
func TestUSBChangesItsMode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &cable{path: firstNode}
		f := newUSBFleet(t, c, newLedger(numbered(1)...))
		f.jobTime = time.Minute
		nodes := f.nodes()
		done := f.background(f.orchestrator())
		after(20*time.Second + 500*time.Millisecond)
		c.plug("", usb.ErrAbsent)
		after(2 * time.Second)
		c.plug(firstNode, nil)
		wantJobs(t, <-done, orchestrator.Counts{Total: 1, Success: 1}, 0)
		if got := nodes(); len(got) != 1 {
			t.Errorf("got workers with %q, want one", got)
		}
		f.nothingLeft()
	})
}

// TestUSBWaitsForThePlug: a phone that is not there costs no worker, and its
// slot says what it waits for.
func TestUSBWaitsForThePlug(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &cable{err: usb.ErrAbsent}
		f := newUSBFleet(t, c, newLedger(numbered(1)...))
		o := f.orchestrator()
		done := f.background(o)
		after(30 * time.Second)
		if got := o.Slots()[0]; got.Phase != orchestrator.SlotBackoff || !strings.Contains(got.Reason, "R5") {
			t.Errorf("got %+v, want it to wait for R5", got)
		}
		c.plug(firstNode, nil)
		report := <-done
		wantJobs(t, report, orchestrator.Counts{Total: 1, Success: 1}, 0)
		if report.Slots[0].Restarts != 0 || f.started() != 1 {
			t.Errorf("got %d restarts of %d workers, want none of one", report.Slots[0].Restarts, f.started())
		}
		f.nothingLeft()
	})
}

func TestUSBNeverComes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  error
		want orchestrator.SlotPhase
	}{
		"not plugged in": {usb.ErrAbsent, orchestrator.SlotGaveUp},
		"two of them":    {usb.ErrTwice, orchestrator.SlotParked},
		"no bus":         {usb.ErrNoBus, orchestrator.SlotParked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newUSBFleet(t, &cable{err: tc.err}, newLedger(numbered(1)...))
				report := f.run()
				wantPhases(t, report, tc.want)
				if got := report.Slots[0].Reason; !strings.Contains(got, tc.err.Error()) || f.started() != 0 {
					t.Errorf("got reason %q and %d workers, want it to say %q", got, f.started(), tc.err)
				}
			})
		})
	}
}

// TestUSBAdopted: a worker of an earlier orchestrator is kept as long as its
// phone is where it was.
func TestUSBAdopted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		node string
		want int
	}{"where it was": {firstNode, 1}, "elsewhere": {secondNode, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newUSBFleet(t, &cable{path: tc.node}, newLedger(numbered(1)...))
				f.jobTime = time.Minute
				f.place(orchestrator.OnBus(f.plan.Slots[0].Worker, usb.Phone{Path: firstNode, Group: -1}))
				f.run()
				if got := f.started(); got != tc.want {
					t.Errorf("got %d workers, want %d", got, tc.want)
				}
			})
		})
	}
}

// TestUnpluggedPhonesStopNoFleet: that most phones are not plugged in is no
// cause that all workers share.
func TestUnpluggedPhonesStopNoFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := validConfig()
		cfg.Devices = []orchestrator.DeviceConfig{
			{Name: "u0", Connect: "usb", UDID: "R6"},
			{Name: "u1", Connect: "usb", UDID: "R7"},
			{Name: "lab", Connect: "tcp://192.0.2.7:5555"},
		}
		f := newFleetOf(t, cfg, newLedger(numbered(2)...))
		f.opts.Bus, f.jobTime = &cable{}, 20*time.Minute
		report := f.run()
		wantJobs(t, report, orchestrator.Counts{Total: 2, Success: 2}, 0)
		wantPhases(t, report, orchestrator.SlotGaveUp, orchestrator.SlotGaveUp, orchestrator.SlotDone)
	})
}
