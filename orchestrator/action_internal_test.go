package orchestrator

import (
	"errors"
	"fmt"
	"testing"

	"postfleet/workerimage"
)

// again is what becomes of most ends: once more, unless the fleet drains.
func again(draining bool) action {
	if draining {
		return actDone
	}
	return actRestart
}

func always(a action) func(bool) action { return func(bool) action { return a } }

// everyLife walks observed × desired: each exit code, each error, with and
// without a memory kill, adoption and sickness.
func everyLife(visit func(l life)) {
	both := []bool{false, true}
	errs := []error{ErrNotFound, ErrNoImage, ErrNameTaken, ErrUnreachable, errDraining, errors.New("engine is busy")}
	for _, adopted := range both {
		for _, sick := range []string{"", "up but dead"} {
			for _, oom := range both {
				for code := range 256 {
					for _, tail := range []string{"", ofAll()} {
						visit(life{exit: Exit{Code: code, OOMKilled: oom, Tail: tail}, adopted: adopted, sick: sick})
					}
				}
			}
			for _, err := range errs {
				visit(life{err: fmt.Errorf("ask the engine: %w", err), adopted: adopted, sick: sick})
			}
		}
	}
}

// ofAll is what a worker says when no other gets any further either.
func ofAll() string { return workerimage.LastWords{Why: "no credit", Fleet: true}.String() }

// wantedAction says it anew, from what a person would expect of each case.
func wantedAction(l life) func(draining bool) action {
	spoken := map[int]func(bool) action{ // what neither a memory kill nor sickness changes
		workerimage.ExitUsage:  always(actGiveUp),
		workerimage.ExitHuman:  always(actPark),
		workerimage.ExitLedger: always(actStopFleet),
	}
	switch {
	case l.err == nil && l.exit.Code == workerimage.ExitHuman && l.exit.Tail == ofAll():
		return always(actStopFleet)
	case l.err == nil && spoken[l.exit.Code] != nil:
		return spoken[l.exit.Code]
	case l.sick != "":
		return again
	case errors.Is(l.err, ErrNoImage), errors.Is(l.err, ErrUnreachable):
		return always(actStopFleet)
	case errors.Is(l.err, ErrNameTaken):
		return always(actGiveUp)
	case l.err == nil && l.exit.Code == workerimage.ExitDone:
		return always(actDone)
	default:
		return again
	}
}

func TestEveryEndHasAnAction(t *testing.T) {
	t.Parallel()
	seen := map[ending]bool{}
	everyLife(func(l life) {
		end := l.ending()
		seen[end] = true
		for _, draining := range []bool{false, true} {
			if got, want := decide(end, draining), wantedAction(l)(draining); got != want {
				t.Errorf("%+v, draining %t: got action %d, want %d", l, draining, got, want)
			}
		}
		if got := l.reason(end); (got == "") != (end == endDone) {
			t.Errorf("%+v: got reason %q", l, got)
		}
	})
	for end := endDone; end <= endNameTaken; end++ {
		if !seen[end] {
			t.Errorf("no life ends with %d", end)
		}
	}
}

func TestEndingsAreToldApart(t *testing.T) {
	t.Parallel()
	cases := []struct {
		life life
		want ending
	}{
		{life{exit: Exit{Code: workerimage.ExitDone}}, endDone},
		{life{exit: Exit{Code: workerimage.ExitDone, OOMKilled: true}}, endDone},
		{life{exit: Exit{Code: workerimage.ExitDone}, sick: "s"}, endSick},
		{life{exit: Exit{Code: workerimage.ExitError}}, endError},
		{life{exit: Exit{Code: workerimage.ExitUsage}}, endUsage},
		{life{exit: Exit{Code: workerimage.ExitAppium}}, endAppium},
		{life{exit: Exit{Code: workerimage.ExitAppium, OOMKilled: true}}, endMemory},
		{life{exit: Exit{Code: workerimage.ExitDevice}}, endDevice},
		{life{exit: Exit{Code: workerimage.ExitHuman}}, endHuman},
		{life{exit: Exit{Code: workerimage.ExitHuman}, sick: "s"}, endHuman},
		{life{exit: Exit{Code: workerimage.ExitHuman, Tail: ofAll()}}, endFleet},
		{life{exit: Exit{Code: workerimage.ExitHuman, Tail: ofAll()}, sick: "s"}, endFleet},
		{life{exit: Exit{Code: workerimage.ExitDevice, Tail: ofAll()}}, endDevice},
		{life{exit: Exit{Code: workerimage.ExitLedger}}, endLedger},
		{life{exit: Exit{Code: 137}}, endKilled},
		{life{exit: Exit{Code: 137}, sick: "s"}, endSick},
		{life{exit: Exit{Code: 137, OOMKilled: true}}, endMemory},
		{life{exit: Exit{Code: 143}}, endKilled},
		{life{exit: Exit{Code: 128}}, endError},
		{life{exit: Exit{Code: 77}}, endError},
		{life{err: ErrNotFound}, endGone},
		{life{err: ErrNotFound, sick: "s"}, endSick},
		{life{err: ErrUnreachable}, endAway},
		{life{err: ErrNoImage}, endNoImage},
		{life{err: ErrNameTaken}, endNameTaken},
		{life{err: errors.New("busy")}, endEngine},
	}
	for _, tc := range cases {
		if got := tc.life.ending(); got != tc.want {
			t.Errorf("%+v: got ending %d, want %d", tc.life, got, tc.want)
		}
	}
}
