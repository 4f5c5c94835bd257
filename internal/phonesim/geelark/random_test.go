package geelark

import (
	"math"
	"math/rand/v2"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestRandomLife plays a day of many hands on few phones, and holds what the
// API tells against what the machines are, and the meter against a clock of
// the test's own.
func TestRandomLife(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			cfg := testConfig("a", "b", "c")
			cfg.PortLast = firstPort + 3 // So that ports are handed from phone to phone.
			cfg.Seed, cfg.StuckChance = seed, 0.3
			s := newCloud(t, cfg)
			dice := rand.New(rand.NewPCG(seed, 1))
			ran := map[string]time.Duration{}
			for range 1000 {
				p := s.phones[dice.IntN(len(s.phones))]
				switch dice.IntN(10) {
				case 0, 1, 2, 3:
					p.start("x", false)
				case 4, 5, 6, 7:
					p.setADB(dice.IntN(2) == 0)
				case 8:
					p.stop()
				}
				step := time.Duration(dice.Int64N(int64(time.Minute)))
				for _, p := range s.phones {
					if p.state() != statusOff {
						ran[p.spec.Name] += step
					}
				}
				pass(step)
				s.holds(t, ran)
			}
			for _, p := range s.phones {
				p.stop()
			}
			s.holds(t, ran)
			if m := s.meter(); m.Running != 0 {
				t.Errorf("seed %d: got %d phones running after all were stopped", seed, m.Running)
			}
			for port, taken := range s.ports.taken {
				if taken {
					t.Errorf("seed %d: port %d was not given back", seed, firstPort+port)
				}
			}
		})
	}
}

// holds checks what must be true at any time.
func (s *Service) holds(t *testing.T, ran map[string]time.Duration) {
	t.Helper()
	owners := map[string]string{}
	now := time.Now()
	for _, p := range s.phones {
		m, data, reachable := p.meter(now), p.adbData(), p.fake().reachable()
		c, address := data.Code, net.JoinHostPort(data.IP, data.Port)
		if started := m.Status == int(statusStarted); started != p.fake().isOn() {
			t.Fatalf("%s: status %d, and the phone is on: %v", m.Name, m.Status, p.fake().isOn())
		}
		if (c == codeOK) != (reachable != "") || c == codeOK && address != reachable {
			t.Fatalf("%s: told %d, %s; adb is at %q", m.Name, c, address, reachable)
		}
		if other, taken := owners[reachable]; taken && reachable != "" {
			t.Fatalf("%s and %s are both at %s", m.Name, other, reachable)
		}
		owners[reachable] = m.Name
		if m.Running != (m.Status != int(statusOff)) {
			t.Fatalf("%s: status %d, and running: %v", m.Name, m.Status, m.Running)
		}
		if want := ran[m.Name].Seconds(); math.Abs(m.Seconds-want) > 0.001 {
			t.Fatalf("%s: the meter has %v s, the clock %v s", m.Name, m.Seconds, want)
		}
	}
}
