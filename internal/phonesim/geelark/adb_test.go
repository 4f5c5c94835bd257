package geelark

import (
	"net"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func (s *Service) dataOf(t *testing.T, name string) (c int, hostport, password string) {
	t.Helper()
	i := s.must(t, apiADBData, idsBody, name).Data.Items[0]
	return i.Code, net.JoinHostPort(i.IP, i.Port), i.Pwd
}

func (s *Service) wantData(t *testing.T, when string, want int) {
	t.Helper()
	if got, _, _ := s.dataOf(t, "a"); got != want {
		t.Errorf("%s: got code %d, want %d", when, got, want)
	}
}

func TestADBComesLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a", "b"))
		s.wantData(t, "off", 42002)
		if got := s.call(t, apiADBStatus, openBody, "a").Code; got != 40009 {
			t.Errorf("off: got %d, want 40009", got)
		}
		s.boot(t, "a")
		s.wantData(t, "before it is enabled", 49001)
		if a := s.must(t, apiADBStatus, openBody, "a"); a.Data.TotalAmount != 0 {
			t.Errorf("got data %+v, want none", a.Data)
		}
		pass(2 * time.Second)
		s.wantData(t, "too early", 49001)
		pass(time.Second)
		c, address, password := s.dataOf(t, "a")
		fake := s.named(t, "a").fake()
		if c != 0 || address != fake.reachable() || password != fake.password || len(password) != 6 {
			t.Errorf("got %d, %s, %q, want the phone's own", c, address, password)
		}
		s.must(t, apiADBStatus, closeBody, "a")
		s.wantData(t, "disabled", 49001)
		if fake.reachable() != "" {
			t.Error("adb can still connect")
		}
	})
}

func TestADBMoves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig("a")
		cfg.Advertise = []string{"127.0.0.1", "127.0.0.2"}
		cfg.PortLast = cfg.PortFirst + 1 // It has no choice but the other one.
		s := newCloud(t, cfg)
		last, lastPassword := "", ""
		passwords, ips := map[string]bool{}, map[string]bool{}
		for range 10 {
			s.boot(t, "a")
			for range 2 {
				s.must(t, apiADBStatus, openBody, "a")
				pass(adbTime)
				_, address, password := s.dataOf(t, "a")
				ip, port, _ := net.SplitHostPort(address)
				if n, _ := strconv.Atoi(port); n < firstPort || n > lastPort || port == last {
					t.Errorf("got port %s after %s", port, last)
				}
				last, lastPassword, ips[ip] = port, password, true
				s.must(t, apiADBStatus, openBody, "a")
				if _, again, _ := s.dataOf(t, "a"); again != address {
					t.Errorf("enabling what is enabled: got %s, want %s", again, address)
				}
				s.must(t, apiADBStatus, closeBody, "a")
			}
			if passwords[lastPassword] {
				t.Errorf("got password %s again", lastPassword)
			}
			passwords[lastPassword] = true
			s.must(t, apiStop, idsBody, "a")
		}
		if len(passwords) != 10 || len(ips) != 2 {
			t.Errorf("got passwords %v and addresses %v", passwords, ips)
		}
	})
}

func TestADBStuckUntilOffAndOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig("a")
		cfg.StuckChance = 1
		s := newCloud(t, cfg)
		s.boot(t, "a")
		s.must(t, apiADBStatus, openBody, "a")
		pass(time.Minute)
		s.must(t, apiADBStatus, openBody, "a")
		pass(time.Minute)
		s.wantData(t, "stuck", 49001)
		s.must(t, apiADBStatus, closeBody, "a")
		s.must(t, apiADBStatus, openBody, "a")
		pass(adbTime)
		s.wantData(t, "off and on", 0)
	})
}

func TestADBOpeningIsVoidAfterOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		s.boot(t, "a")
		s.must(t, apiADBStatus, openBody, "a")
		s.must(t, apiADBStatus, closeBody, "a")
		pass(time.Minute)
		s.wantData(t, "closed while opening", 49001)
		s.must(t, apiADBStatus, openBody, "a")
		s.must(t, apiStop, idsBody, "a")
		s.boot(t, "a")
		s.wantData(t, "stopped while opening", 49001)
		if got := s.named(t, "a").fake().reachable(); got != "" {
			t.Errorf("adb can connect to %s", got)
		}
	})
}

// TestPortsInUse: ports that somebody else has are passed over, and no port is
// lost by that.
func TestPortsInUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newCloud(t, testConfig("a"))
		s.named(t, "a").fake().refusals = 15
		s.boot(t, "a")
		s.must(t, apiADBStatus, openBody, "a")
		pass(adbTime)
		s.wantData(t, "after refusals", 0)
		taken := 0
		for _, is := range s.ports.taken {
			if is {
				taken++
			}
		}
		if taken != 1 {
			t.Errorf("got %d ports taken, want 1", taken)
		}
	})
}
