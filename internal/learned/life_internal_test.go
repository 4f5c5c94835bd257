package learned

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestLife goes over the whole product of states, users, versions and events.
func TestLife(t *testing.T) {
	t.Parallel()
	for _, state := range []State{StateCandidate, StateTrusted, StateQuarantined, StateRetired} {
		for _, row := range []int{0, 1} {
			for _, worker := range []string{"learner", "other"} {
				for _, version := range []string{"1", "2"} {
					for _, event := range []Reason{"", ExpectFailed, PolicyDenied} {
						for _, tries := range []string{worker, "somebody"} {
							name := fmt.Sprintf("%s/row=%d/%s/%s/%s/%s", state, row, worker, version, event, tries)
							t.Run(name, func(t *testing.T) {
								t.Parallel()
								by := attempt{worker: worker, version: version, at: time.Unix(9, 0)}
								live(t, state, row, by, event, tries)
							})
						}
					}
				}
			}
		}
	}
}

// live has one event happen to a record that somebody tries, and says what must
// have become of it.
func live(t *testing.T, state State, row int, by attempt, event Reason, tries string) {
	t.Helper()
	before := Record{
		State: state, InARow: row, VersionsOK: []string{"1"}, Workers: []string{"learner"}, Successes: 3, Failures: row,
		Canary: &Ticket{Worker: tries}, By: Provenance{Worker: "learner"},
	}
	r := before
	out := false
	if event == "" {
		r.succeed(by)
	} else {
		out = r.fail(by, event)
	}
	known := by.version == "1"
	want := state
	var why Reason
	switch {
	case !before.Active(): // what is out stays out
	case event == "" && by.worker == "other":
		want = StateTrusted
	case event == "":
	case state == StateCandidate, event == PolicyDenied:
		want, why = StateRetired, event
	case !known:
		want, why = StateQuarantined, VersionNew
	case row == 1, tries == by.worker:
		want, why = StateQuarantined, ExpectFailed
	}
	if r.State != want || r.Reason != why {
		t.Errorf("got %s, %q, want %s, %q", r.State, r.Reason, want, why)
	}
	if wantOut := before.Active() && !r.Active(); out != wantOut {
		t.Errorf("got out %v, want %v", out, wantOut)
	}
	if !before.Active() {
		if r.Successes != 3 || r.Failures != row {
			t.Errorf("counted: %+v", r)
		}
		return
	}
	kept := tries != by.worker && r.State == state && (state == StateTrusted && event != "" || by.worker == "learner")
	if (r.Canary != nil) != kept {
		t.Errorf("the ticket is %v", r.Canary)
	}
	counted := r.Successes == 4 && r.InARow == 0 && r.LastOK.Equal(by.at)
	if event == "" && (!counted || !slices.Contains(r.VersionsOK, by.version)) {
		t.Errorf("after a success: %+v", r)
	}
	if event != "" && (r.Failures != row+1 || r.InARow != row+1 || r.LastFailed != by.at || len(r.VersionsOK) != 1) {
		t.Errorf("after a failure: %+v", r)
	}
}

func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	r := Record{State: StateCandidate, By: Provenance{Worker: "w0"}}
	for i := range 50 {
		r.succeed(attempt{worker: fmt.Sprint("w", i), version: fmt.Sprint(i), at: time.Unix(int64(i), 0)})
	}
	if len(r.Workers) != maxWorkers || len(r.VersionsOK) != maxVersions || r.VersionsOK[maxVersions-1] != "49" {
		t.Errorf("got %d workers, versions %v", len(r.Workers), r.VersionsOK)
	}
}

// A right from a clock that was set back since is none.
func TestLasts(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	for left, want := range map[time.Duration]bool{
		-1: false, 0: false, 1: true, leaseTime: true, leaseTime + 1: false,
	} {
		if got := lasts(now.Add(left), now); got != want {
			t.Errorf("%v left: got %v, want %v", left, got, want)
		}
	}
}
