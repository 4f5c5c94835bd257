package geelark

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// ask makes a request to the control API.
func (s *Service) ask(method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ControlHandler().ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

// inject arms a fault that has to be accepted; phones that only remember have
// no simulation that could be asked for by name.
func (s *Service) arm(t *testing.T, f Fault) {
	t.Helper()
	if err := f.validate(); err != nil {
		t.Fatal(err)
	}
	s.faults.add(f)
}

// TestFaultCodes: each trouble is answered where it belongs: with the call, or
// with the phone that has it.
func TestFaultCodes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		fault       Fault
		api, body   string
		whole       int // the code of a call about phones a and b
		phone       int // the code of phone a in it
		untouchedBy string
	}{
		{Fault{Kind: kindBusy, Phone: "a"}, apiStart, idsBody, 40006, 43007, apiStatus},
		{Fault{Kind: kindBusy, Phone: "a", Code: 43005}, apiStop, idsBody, 40006, 43005, apiStatus},
		{Fault{Kind: kindBusy, Phone: "a", Code: 43006}, apiStart, idsBody, 40006, 43006, apiStatus},
		{Fault{Kind: kindBusy, Phone: "a", Code: 43021}, apiStart, idsBody, 40006, 43021, apiStatus},
		{Fault{Kind: kindProxyDown, Phone: "a"}, apiStart, idsBody, 40006, 45002, apiStop},
		{Fault{Kind: kindProxyDown}, apiStart, idsBody, 40009, 45002, apiStop},
		{Fault{Kind: kindExpired, Phone: "a"}, apiStart, idsBody, 40006, 43004, apiStop},
		{Fault{Kind: kindNoBalance}, apiStart, idsBody, 41001, 0, apiStop},
		{Fault{Kind: kindNoBalance, Phone: "a"}, apiStart, idsBody, 40006, 41001, apiStop},
		{Fault{Kind: kindDailyLimit}, apiStart, idsBody, 43008, 0, apiStop},
		{Fault{Kind: kindNoADB, Phone: "a"}, apiADBStatus, openBody, 40009, 49002, apiStatus},
		{Fault{Kind: kindCode, Code: 50000}, apiStatus, idsBody, 50000, 0, ""},
		{Fault{Kind: kindCode, Code: 40016, API: apiStart}, apiStart, idsBody, 40016, 0, apiStatus},
		{Fault{Kind: kindCode, Code: 43020, Phone: "a", API: apiStart}, apiStart, idsBody, 40006, 43020, apiStatus},
	}
	for _, tc := range cases {
		t.Run(fmt.Sprintf("%+v", tc.fault), func(t *testing.T) {
			t.Parallel()
			s := newCloud(t, testConfig("a", "b"))
			s.arm(t, tc.fault)
			if tc.untouchedBy != "" {
				s.must(t, tc.untouchedBy, idsBody, "a")
			}
			got := s.call(t, tc.api, tc.body, "a", "b")
			if got.Code != tc.whole || got.Msg == "" {
				t.Errorf("got %d %q, want %d", got.Code, got.Msg, tc.whole)
			}
			phone := 0
			for _, d := range got.Data.FailDetails {
				if d.ID == s.named(t, "a").id {
					phone = d.Code
				}
			}
			if phone != tc.phone {
				t.Errorf("got %d in the details of the phone, want %d", phone, tc.phone)
			}
			if s.named(t, "a").fake().isOn() {
				t.Error("the phone is on all the same")
			}
			s.faults.clear()
			s.must(t, apiStart, idsBody, "a")
		})
	}
}

func TestFaultOfADBData(t *testing.T) {
	t.Parallel()
	s := newCloud(t, testConfig("a", "b"))
	s.arm(t, Fault{Kind: kindNoADB, Phone: "a"})
	items := s.must(t, apiADBData, idsBody, "a", "b", "no-such").Data.Items
	if items[0].Code != 49002 || items[1].Code != 42002 || items[2].Code != 42001 {
		t.Errorf("got %+v", items)
	}
}

func TestFaultCountsAndTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		s.arm(t, Fault{Kind: kindProxyDown, Count: 2})
		wantCodes(t, "twice", s.hammer(t, apiStart, 3), map[int]int{40009: 2, 0: 1})
		s.must(t, apiStop, idsBody, "a")
		if l := s.faults.list(); len(l) != 1 || l[0].Struck != 2 || !l[0].Over {
			t.Errorf("got %+v", l)
		}
		s.arm(t, Fault{Kind: kindCode, Code: 40007, AfterMS: 1000, ForMS: 2000})
		s.must(t, apiStatus, idsBody, "a")
		pass(time.Second)
		wantCodes(t, "within", s.hammer(t, apiStatus, 5), map[int]int{40007: 5})
		pass(2 * time.Second)
		s.must(t, apiStatus, idsBody, "a")
	})
}

// TestBusyPhoneRuns: a phone of somebody else's shows as started, costs us
// nothing, and whoever tries to stop it is told on.
func TestBusyPhoneRuns(t *testing.T) {
	t.Parallel()
	s := newCloud(t, testConfig("a"))
	s.arm(t, Fault{Kind: kindBusy, Phone: "a"})
	if got := s.statusOf(t, "a"); got != statusStarted {
		t.Errorf("got status %d, want %d", got, statusStarted)
	}
	if got := s.call(t, apiStop, idsBody, "a"); got.Code != 40009 || got.Data.FailDetails[0].Code != 43007 {
		t.Errorf("got %+v", got)
	}
	if m := s.meter().Phones[0]; !m.Busy || m.Running || m.ForeignStops != 1 || m.Seconds != 0 {
		t.Errorf("got %+v", m)
	}
}

func TestStartsGoWrong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a", "b", "c"))
		s.arm(t, Fault{Kind: kindExpired, Phone: "c"})
		if got := s.statusOf(t, "c"); got != statusExpired {
			t.Errorf("got status %d, want %d", got, statusExpired)
		}
		s.arm(t, Fault{Kind: kindStartFails, Phone: "a", Count: 1})
		s.arm(t, Fault{Kind: kindSlowStart, Phone: "b", DelayMS: 300_000})
		s.boot(t, "a", "b")
		if a, b := s.statusOf(t, "a"), s.statusOf(t, "b"); a != statusOff || b != statusStarting {
			t.Errorf("got %d and %d, want %d and %d", a, b, statusOff, statusStarting)
		}
		s.boot(t, "a")
		pass(time.Minute)
		if a, b := s.statusOf(t, "a"), s.statusOf(t, "b"); a != statusStarted || b != statusStarted {
			t.Errorf("got %d and %d, want both started", a, b)
		}
	})
}

func TestForcedADBStuck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		s.boot(t, "a")
		s.arm(t, Fault{Kind: kindADBStuck, Count: 2})
		for _, want := range []int{49001, 49001, 0} {
			s.must(t, apiADBStatus, openBody, "a")
			pass(adbTime)
			s.wantData(t, "enabled", want)
			s.must(t, apiADBStatus, closeBody, "a")
		}
	})
}

func TestFaultsAreRefused(t *testing.T) {
	t.Parallel()
	s := newCloud(t, testConfig("a"))
	for body, explains := range map[string]string{
		`{}`:                          "kind",
		`{"kind":"nonsense"}`:         "unknown",
		`{"kind":"busy","code":1}`:    "none of [43007 43005 43006 43021]",
		`{"kind":"code"}`:             "code is missing",
		`{"kind":"busy","count":-1}`:  "negative",
		`{"kind":"busy","for_ms":-1}`: "from 0 to",
		`{"kind":"freeze","after_ms":9223372036854775807}`:  "from 0 to",
		`{"kind":"code","code":1,"api":"/open/v1/nothing"}`: "is none of",
		`{"kind":"busy","phone":"nobody"}`:                  "no phone is named",
		`{"kind":"freeze","code":5}`:                        "has no api",
		`{"kind":"busy","unknown":5}`:                       "unknown field",
	} {
		if w := s.ask("POST", "/faults", body); w.Code != 400 || !strings.Contains(w.Body.String(), explains) {
			t.Errorf("%s: got %d %s, want 400 with %q", body, w.Code, w.Body, explains)
		}
	}
	if l := s.faults.list(); len(l) != 0 {
		t.Errorf("got %v, want none armed", l)
	}
}
