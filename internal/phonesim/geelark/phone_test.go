package geelark

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// boot starts a phone and waits until it has started.
func (s *Service) boot(t *testing.T, names ...string) {
	t.Helper()
	s.must(t, apiStart, idsBody, names...)
	pass(s.scaled(longStart))
}

func TestStartTakesItsTime(t *testing.T) {
	t.Parallel()
	var took [2]time.Duration
	for i := range took {
		synctest.Test(t, func(t *testing.T) {
			s := newCloud(t, testConfig("a", "b"))
			p := s.named(t, "a")
			if got := s.statusOf(t, "a"); got != statusOff {
				t.Errorf("got status %d, want %d", got, statusOff)
			}
			a := s.must(t, apiStart, idsBody, "a")
			if d := a.Data.SuccessDetails[0]; d.ID != p.id || d.ChargingMethod == "" || a.Data.SuccessAmount != 1 {
				t.Errorf("got %+v", a)
			}
			begin := time.Now()
			for s.statusOf(t, "a") == statusStarting {
				if p.fake().isOn() {
					t.Fatal("the phone is on while it starts")
				}
				pass(time.Second)
			}
			took[i] = time.Since(begin)
			if !p.fake().isOn() || s.statusOf(t, "a") != statusStarted || s.statusOf(t, "b") != statusOff {
				t.Error("the start ended otherwise than with the phone on")
			}
		})
	}
	if took[0] < 12*time.Second || took[0] > 121*time.Second || took[0] != took[1] {
		t.Errorf("got starts of %v, want the same one from 12 s to 120 s", took)
	}
}

func TestMeter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a", "b"))
		s.must(t, apiStart, idsBody, "a")
		pass(time.Second)
		s.must(t, apiStop, idsBody, "a") // while it starts
		pass(5 * time.Minute)
		if s.named(t, "a").fake().isOn() || s.statusOf(t, "a") != statusOff {
			t.Error("a start that was stopped went on")
		}
		s.boot(t, "a") // 120 s
		s.must(t, apiStart, idsBody, "a")
		if m := s.meter(); m.Running != 1 || m.Seconds != 121 || m.Phones[0].BilledMinutes != 3 {
			t.Errorf("got %+v", m)
		}
		pass(10 * time.Second)
		s.must(t, apiStop, idsBody, "a")
		s.must(t, apiStop, idsBody, "a")
		pass(time.Hour)
		m := s.meter()
		got := m.Phones[0]
		want := PhoneMeter{
			ID: s.named(t, "a").id, Name: "a", Status: 2, Seconds: 131, BilledMinutes: 4, Starts: 2, RepeatedStarts: 1,
			ADB: []Connection{}, Connections: []Connection{},
		}
		ignored := cmpopts.IgnoreFields(PhoneMeter{}, "Runs", "StartingSeconds")
		if diff := cmp.Diff(want, got, ignored); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if len(got.Runs) != 2 || got.Runs[0].Ready != nil || got.Runs[1].By != "192.0.2.1" {
			t.Errorf("got runs %+v", got.Runs)
		}
		if got.StartingSeconds < 13 || got.StartingSeconds > 121 {
			t.Errorf("got %v s of starting", got.StartingSeconds)
		}
		if m.Running != 0 || m.Seconds != 131 || m.Phones[1].Seconds != 0 {
			t.Errorf("got %+v", m)
		}
	})
}

func TestConnectionsAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		p := s.named(t, "a")
		gone := p.host("10.0.0.1:1")
		p.host("10.0.0.1:2")()
		if m := s.meter().Phones[0]; m.MaxHosts != 1 || m.MaxConnections != 2 || len(m.ADB) != 1 {
			t.Errorf("one worker: got %+v", m)
		}
		p.host("10.0.0.2:1")()
		gone()
		if m := s.meter().Phones[0]; m.MaxHosts != 2 || len(m.ADB) != 0 || len(m.Connections) != 3 {
			t.Errorf("two workers: got %+v", m)
		}
	})
}

func TestEnergySaving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a", "b"))
		s.must(t, apiStart, `{"ids":[%s],"energySavingMode":1}`, "a")
		s.must(t, apiStart, idsBody, "b")
		pass(longStart)
		gone := s.named(t, "a").host("10.0.0.1:1")
		pass(2 * time.Hour)
		if got := s.statusOf(t, "a"); got != statusStarted {
			t.Errorf("got status %d of a phone in use", got)
		}
		gone()
		pass(29 * time.Minute)
		s.must(t, apiShell, `{"id":%s,"cmd":"id"}`, "a")
		pass(29 * time.Minute)
		if got := s.statusOf(t, "a"); got != statusStarted {
			t.Errorf("got status %d of a phone that was used", got)
		}
		pass(2 * time.Minute)
		if a, b := s.statusOf(t, "a"), s.statusOf(t, "b"); a != statusOff || b != statusStarted {
			t.Errorf("got %d and %d, want only the saving one off", a, b)
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	var r record
	start := time.Now()
	for i := range 3 * keptHistory {
		r.begin(start, "x")
		r.end(start.Add(time.Second))
		r.connect(start, "h:1")
		r.disconnect(start, "h:1")
		if i == 0 && r.running() != nil {
			t.Fatal("a run that ended runs")
		}
	}
	if len(r.Runs) != keptHistory || len(r.Connections) != keptHistory {
		t.Errorf("got %d runs and %d connections, want %d", len(r.Runs), len(r.Connections), keptHistory)
	}
	if r.Seconds != 3*keptHistory || r.Starts != 3*keptHistory {
		t.Errorf("got %v s of %d runs, want all", r.Seconds, r.Starts)
	}
}
