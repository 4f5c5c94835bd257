package phonesim

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/logging"
)

// diary is what became of the faults, and when.
type diary struct {
	start time.Time
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(format string, a ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf("%v ", time.Since(d.start))+fmt.Sprintf(format, a...))
}

// noting makes a schedule of effects that only write the diary.
func noting() (*schedule, *diary) {
	d := &diary{start: time.Now()}
	effects := map[FaultKind]effect{}
	for _, kind := range FaultKinds() {
		effects[kind] = effect{
			begin: func(f Fault) error { d.note("begin %d", f.strikes()); return nil },
			end:   func() error { d.note("end"); return nil },
		}
	}
	return newSchedule(effects, logging.Discard()), d
}

func (s *schedule) pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.armed)
}

func TestFaultsComeAndGo(t *testing.T) {
	t.Parallel()
	const s, far = time.Second, time.Hour
	cases := []struct {
		name    string
		fault   Fault
		clear   time.Duration // when faults are cleared
		diary   []string
		pending bool // something was left to clear
	}{
		{"at once, until cleared", Fault{Kind: FaultFreeze}, 5 * s, []string{"0s begin 1", "5s end"}, true},
		{"for a while", Fault{Kind: FaultFreeze, For: 2 * s}, far, []string{"0s begin -1", "2s end"}, false},
		{
			"later, for a while",
			Fault{Kind: FaultOffline, After: 3 * s, For: 2 * s},
			far,
			[]string{"3s begin -1", "5s end"},
			false,
		},
		{"cleared before it began", Fault{Kind: FaultOffline, After: 3 * s}, s, nil, true},
		{"cleared in the middle", Fault{Kind: FaultReboot, For: 4 * s}, 3 * s, []string{"0s begin -1", "3s end"}, true},
		{"another skin", Fault{Kind: FaultReskin, Count: 7}, 5 * s, []string{"0s begin 7", "5s end"}, true},
		{"the first skin, for a while", Fault{Kind: FaultReskin, For: s}, far, []string{"0s begin 1", "1s end"}, false},
		{"a lag has no end of its own", Fault{Kind: FaultProfileLag, For: s}, far, []string{"0s begin -1"}, false},
		{"a moment", Fault{Kind: FaultDropLink}, far, []string{"0s begin 1", "0s end"}, false},
		{
			"several times",
			Fault{Kind: FaultDropLink, After: 2 * s, For: s, Count: 3},
			far,
			[]string{"2s begin 3", "3s end", "5s begin 3", "6s end", "8s begin 3", "9s end"},
			false,
		},
		{
			"several moments",
			Fault{Kind: FaultCrashInstrumentation, After: s, Count: 2},
			far,
			[]string{"1s begin 2", "1s end", "2s begin 2", "2s end"},
			false,
		},
		{"lies in wait", Fault{Kind: FaultPopup, After: 2 * s, Count: 3}, far, []string{"2s begin 3"}, false},
		{"lies in wait, at its own pace", Fault{Kind: FaultSlowPost, For: 2 * s}, far, []string{"0s begin -1"}, false},
		{"lies in wait once", Fault{Kind: FaultShareFails}, far, []string{"0s begin 1"}, false},
		{
			"lies in wait for a while",
			Fault{Kind: FaultPostThenDie, For: 2 * s, Count: 3},
			far,
			[]string{"0s begin 3", "2s end"},
			false,
		},
		{
			"lies in wait without end",
			Fault{Kind: FaultActionBlocked, For: 2 * s},
			far,
			[]string{"0s begin -1", "2s end"},
			false,
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				schedule, diary := noting()
				if err := schedule.Inject(t.Context(), tc.fault); err != nil {
					t.Fatal(err)
				}
				<-time.After(tc.clear)
				synctest.Wait()
				if pending := schedule.pending() > 0; pending != tc.pending {
					t.Errorf("got pending %t, want %t", pending, tc.pending)
				}
				schedule.Clear()
				if diff := cmp.Diff(tc.diary, diary.lines); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		})
	}
}

func TestFaultWithoutDelayIsInEffectOnReturn(t *testing.T) {
	t.Parallel()
	schedule, diary := noting()
	if err := schedule.Inject(t.Context(), Fault{Kind: FaultOffline}); err != nil {
		t.Fatal(err)
	}
	diary.mu.Lock()
	if len(diary.lines) != 1 {
		t.Errorf("got %v, want one beginning", diary.lines)
	}
	diary.mu.Unlock()
	schedule.End()
	if err := schedule.Inject(t.Context(), Fault{Kind: FaultOffline}); !errors.Is(err, errEnded) {
		t.Errorf("after the end: got %v, want %v", err, errEnded)
	}
}

func TestFaultThatCannotBeginIsToldAndNeverEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	schedule := newSchedule(map[FaultKind]effect{FaultFreeze: {
		begin: func(Fault) error { return broken },
		end:   func() error { t.Error("ended what did not begin"); return nil },
	}}, logging.Discard())
	if err := schedule.Inject(t.Context(), Fault{Kind: FaultFreeze}); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	schedule.End()
}

func TestEveryKindHasAnEffect(t *testing.T) {
	t.Parallel()
	effects := new(Phone).effects()
	for _, kind := range FaultKinds() {
		if e := effects[kind]; e.begin == nil || e.end == nil {
			t.Errorf("%s has no effect", kind)
		}
	}
	if len(effects) != len(FaultKinds()) {
		t.Errorf("got %d effects for %d kinds", len(effects), len(FaultKinds()))
	}
}

func TestFaultValidate(t *testing.T) {
	t.Parallel()
	for _, f := range []Fault{
		{},
		{Kind: "nonsense"},
		{Kind: FaultFreeze, After: -1},
		{Kind: FaultFreeze, For: -1},
		{Kind: FaultFreeze, Count: 2},
		{Kind: FaultPopup, Count: -1},
		{Kind: FaultPopup, For: 25 * time.Hour},
	} {
		if err := f.Validate(); !errors.Is(err, ErrBadFault) {
			t.Errorf("%+v: got %v, want %v", f, err, ErrBadFault)
		}
	}
	if err := (Fault{Kind: FaultFreeze, For: time.Second, Count: 2}).Validate(); err != nil {
		t.Error(err)
	}
}
