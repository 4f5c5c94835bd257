package orchestrator

import (
	"strconv"
	"testing"

	"postfleet/workerimage"
)

// TestEveryExitHasAnAction walks the whole product of exit codes, memory kills
// and draining, so that no pair is left to chance.
func TestEveryExitHasAnAction(t *testing.T) {
	t.Parallel()
	always := func(a action) func(bool) action { return func(bool) action { return a } }
	again := func(draining bool) action {
		if draining {
			return actDone
		}
		return actRestart
	}
	spoken := map[int]func(draining bool) action{ // what a memory kill of a child does not change
		workerimage.ExitDone:   always(actDone),
		workerimage.ExitUsage:  always(actGiveUp),
		workerimage.ExitHuman:  always(actPark),
		workerimage.ExitLedger: always(actStopFleet),
	}
	for code := range 256 {
		want, ok := spoken[code]
		if !ok {
			want = again
		}
		for _, oom := range []bool{false, true} {
			for _, draining := range []bool{false, true} {
				e := Exit{Code: code, OOMKilled: oom}
				if got := decide(classify(e), draining); got != want(draining) {
					t.Errorf("%+v, draining %t: got action %d, want %d", e, draining, got, want(draining))
				}
			}
		}
	}
}

func TestEveryEndingHasAReason(t *testing.T) {
	t.Parallel()
	cases := []struct {
		exit Exit
		want ending
	}{
		{Exit{Code: workerimage.ExitDone}, endDone},
		{Exit{Code: workerimage.ExitDone, OOMKilled: true}, endDone},
		{Exit{Code: workerimage.ExitError}, endError},
		{Exit{Code: workerimage.ExitUsage}, endUsage},
		{Exit{Code: workerimage.ExitAppium}, endAppium},
		{Exit{Code: workerimage.ExitAppium, OOMKilled: true}, endMemory},
		{Exit{Code: workerimage.ExitDevice}, endDevice},
		{Exit{Code: workerimage.ExitHuman}, endHuman},
		{Exit{Code: workerimage.ExitLedger}, endLedger},
		{Exit{Code: 137}, endKilled},
		{Exit{Code: 137, OOMKilled: true}, endMemory},
		{Exit{Code: 143}, endKilled},
		{Exit{Code: 77}, endError},
	}
	for _, tc := range cases {
		t.Run(strconv.Itoa(tc.exit.Code)+" "+strconv.FormatBool(tc.exit.OOMKilled), func(t *testing.T) {
			t.Parallel()
			got := classify(tc.exit)
			if got != tc.want {
				t.Errorf("got ending %d, want %d", got, tc.want)
			}
			if (got.reason(tc.exit.Code) == "") != (got == endDone) {
				t.Errorf("ending %d: got reason %q", got, got.reason(tc.exit.Code))
			}
		})
	}
}
