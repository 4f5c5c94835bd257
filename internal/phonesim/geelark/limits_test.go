package geelark

import (
	"testing"
	"testing/synctest"
	"time"
)

// hammer makes n calls of the API and counts the codes.
func (s *Service) hammer(t *testing.T, api string, n int) map[int]int {
	t.Helper()
	codes, handler := map[int]int{}, s.Handler()
	for range n {
		codes[send(t, handler, request(api, `{"ids":["`+s.named(t, "a").id+`"]}`)).Code]++
	}
	return codes
}

func wantCodes(t *testing.T, what string, got, want map[int]int) {
	t.Helper()
	for _, m := range []map[int]int{got, want} {
		for c := range m {
			if got[c] != want[c] {
				t.Errorf("%s: code %d: got %d, want %d", what, c, got[c], want[c])
			}
		}
	}
}

func TestMinuteLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		wantCodes(t, "one minute", s.hammer(t, apiStatus, 230), map[int]int{0: 200, 40007: 30})
		wantCodes(t, "another api", s.hammer(t, apiADBData, 1), map[int]int{0: 1})
		pass(time.Minute)
		wantCodes(t, "the next minute", s.hammer(t, apiStatus, 200), map[int]int{0: 200})
		got := s.limiter.report()[apiStatus]
		if got.Calls != 430 || got.Refused != 30 || got.MaxPerMinute != 230 || got.LockedUntil != nil {
			t.Errorf("got %+v", got)
		}
	})
}

// TestMinutesOfTheClock: two full minutes may meet, which the count of any 60
// seconds shows.
func TestMinutesOfTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		pass(59 * time.Second)
		wantCodes(t, "late", s.hammer(t, apiStatus, 200), map[int]int{0: 200})
		pass(time.Second)
		wantCodes(t, "early", s.hammer(t, apiStatus, 200), map[int]int{0: 200})
		if got := s.limiter.report()[apiStatus].MaxPerMinute; got != 400 {
			t.Errorf("got %d calls in 60 seconds, want 400", got)
		}
	})
}

func TestHammeringLocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		wantCodes(t, "hammering", s.hammer(t, apiStatus, 310), map[int]int{0: 200, 40007: 100, 47002: 10})
		pass(2*time.Hour - time.Second)
		wantCodes(t, "locked", s.hammer(t, apiStatus, 1), map[int]int{47002: 1})
		wantCodes(t, "another api", s.hammer(t, apiADBData, 1), map[int]int{0: 1})
		pass(time.Second)
		wantCodes(t, "two hours later", s.hammer(t, apiStatus, 1), map[int]int{0: 1})
	})
}

// TestRefusalsOfOneMinuteLock: those of different minutes do not add up.
func TestRefusalsOfOneMinuteLock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		for range 3 {
			wantCodes(t, "a minute", s.hammer(t, apiStatus, 290), map[int]int{0: 200, 40007: 90})
			pass(time.Minute)
		}
	})
}

func TestHourLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig("a")
		cfg.Limits = Limits{PerMinute: 10, PerHour: 25, LockTime: time.Hour}
		s := newCloud(t, cfg)
		for range 2 {
			wantCodes(t, "a minute", s.hammer(t, apiStatus, 10), map[int]int{0: 10})
			pass(time.Minute)
		}
		wantCodes(t, "too many", s.hammer(t, apiStatus, 7), map[int]int{0: 5, 40014: 2})
		if got := s.limiter.report()[apiStatus]; got.MaxPerHour != 27 || got.LockCode != 40014 {
			t.Errorf("got %+v", got)
		}
		pass(time.Hour)
		wantCodes(t, "the lock is over", s.hammer(t, apiStatus, 1), map[int]int{0: 1})
	})
}

// TestStrangersDoNotCount: who cannot sign cannot lock the account either.
func TestStrangersDoNotCount(t *testing.T) {
	t.Parallel()
	s := newCloud(t, testConfig("a"))
	handler := s.Handler()
	for range 300 {
		r := request(apiStatus, "{}")
		r.Header.Set("Authorization", "Bearer stranger")
		if got := send(t, handler, r).Code; got != 40003 {
			t.Fatalf("got %d, want 40003", got)
		}
	}
	wantCodes(t, "the owner", s.hammer(t, apiStatus, 1), map[int]int{0: 1})
}
