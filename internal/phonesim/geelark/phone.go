package geelark

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"postfleet/internal/logging"
)

// How long things take before they are scaled.
const (
	shortStart = 12 * time.Second
	longStart  = 120 * time.Second
	adbTime    = 3 * time.Second
	uploadTime = 2 * time.Second
)

// machine is the phone that the cloud switches on and off.
type machine interface {
	SwitchOn()
	SwitchOff()
	OpenADB(address, password string) error
	CloseADB()
	Shell(ctx context.Context, line string) (output string, exitCode uint8)
	Download(name string, contents io.Reader) error
}

// cloud is what all phones of the account share.
type cloud struct {
	cfg    Config
	timers *timers
	faults *faults
	ports  *ports
}

// scaled is how long something takes here.
func (c *cloud) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) * c.cfg.Scale) }

// phone is one phone of the account:
//
//	off ──start──▶ starting ──12–120 s──▶ started
//	 ▲                │ stop                │ stop, idleness, shutdown
//	 └────────────────┴─────────────────────┘
//
// Its ADB, while it is started, is told in adb.go. It is safe for concurrent use.
type phone struct {
	*cloud
	spec       PhoneSpec
	id, number string
	file       string // where the record is kept; "" is nowhere
	logger     *slog.Logger
	machine    machine

	mu     sync.Mutex
	dice   *rand.Rand
	status status
	turn   int // counts starts and ends: what was put off in an earlier one is void
	used   time.Time
	adb    adb
	record record
}

// phoneID is the same for a name in every process, as are its dice.
func phoneID(name string) string {
	const digits = 100_000_000_000_000_000
	h := fnv.New64a()
	_, _ = io.WriteString(h, name) // A hash takes everything.
	return fmt.Sprint(5*digits + h.Sum64()%digits)
}

func newPhone(c *cloud, spec PhoneSpec, number int) *phone {
	p := &phone{cloud: c, spec: spec, id: phoneID(spec.Name), number: fmt.Sprint(number), status: statusOff}
	h := fnv.New64a()
	_, _ = io.WriteString(h, spec.Name)
	p.dice = rand.New(rand.NewPCG(c.cfg.Seed, h.Sum64()))
	p.logger = c.cfg.Logger.With(slog.String(logging.KeyDevice, spec.Name))
	return p
}

// start begins to start the phone, unless it is on, on behalf of a host.
func (p *phone) start(by string, saving bool) code {
	if c := p.faults.ofPhone(apiStart, p.spec.Name); c != codeOK {
		return c
	}
	slow, isSlow := p.faults.happens(kindSlowStart, p.spec.Name)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status != statusOff {
		p.record.RepeatedStarts++
		p.save()
		return codeOK
	}
	delay := p.scaled(shortStart + time.Duration(p.dice.Int64N(int64(longStart-shortStart))))
	if isSlow {
		delay = milliseconds(slow.DelayMS)
	}
	p.turn++
	turn := p.turn
	p.status = statusStarting
	p.adb = adb{password: fmt.Sprintf("%06x", p.dice.IntN(1<<24)), lastPort: p.adb.lastPort}
	p.record.begin(time.Now(), by)
	p.save()
	p.logger.Info("phone starts", slog.String("by", by), slog.Duration("takes", delay))
	p.timers.after(delay, func() { p.started(turn, saving) })
	return codeOK
}

// started ends a start, well or not.
func (p *phone) started(turn int, saving bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.turn != turn {
		return
	}
	if _, fails := p.faults.happens(kindStartFails, p.spec.Name); fails {
		p.shut("start failed")
		return
	}
	p.machine.SwitchOn()
	p.status = statusStarted
	p.used = time.Now()
	p.record.ready(p.used)
	p.save()
	p.logger.Info("phone started")
	if saving {
		p.timers.after(p.cfg.IdleTime, func() { p.saveEnergy(turn) })
	}
}

// saveEnergy shuts the phone down if nobody used it for long.
func (p *phone) saveEnergy(turn int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.turn != turn {
		return
	}
	if len(p.record.connected()) > 0 {
		p.used = time.Now()
	}
	rest := p.cfg.IdleTime - time.Since(p.used)
	if rest <= 0 {
		p.shut("idle")
		return
	}
	p.timers.after(rest, func() { p.saveEnergy(turn) })
}

// stop shuts the phone down, unless somebody else runs it.
func (p *phone) stop() code {
	if c := p.faults.ofPhone(apiStop, p.spec.Name); c != codeOK {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.status == statusOff {
			p.record.ForeignStops++
			p.save()
		}
		return c
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status != statusOff {
		p.shut("stopped")
	}
	return codeOK
}

// fail shuts the phone down as if by itself.
func (p *phone) fail() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status != statusOff {
		p.shut("shut down by itself")
	}
}

// shut is the end of a turn; mu is held.
func (p *phone) shut(why string) {
	p.turn++
	p.closeADB()
	p.machine.SwitchOff()
	p.status = statusOff
	p.record.end(time.Now())
	p.save()
	p.logger.Info("phone is off", slog.String("why", why))
}

// state is the phone's status as the API tells it.
func (p *phone) state() status {
	p.mu.Lock()
	s := p.status
	p.mu.Unlock()
	switch {
	case s != statusOff:
		return s
	case p.faults.present(kindExpired, p.spec.Name):
		return statusExpired
	case p.faults.present(kindBusy, p.spec.Name):
		return statusStarted
	default:
		return s
	}
}

// use tells that the phone is not idle, and whether it has started at all.
func (p *phone) use() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used = time.Now()
	return p.status == statusStarted
}

// host hears of an adb host from the phone.
func (p *phone) host(remote string) func() {
	p.note(func(now time.Time) { p.record.connect(now, remote) })
	return func() { p.note(func(now time.Time) { p.record.disconnect(now, remote) }) }
}

func (p *phone) note(what func(now time.Time)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used = time.Now()
	what(p.used)
	p.save()
}
