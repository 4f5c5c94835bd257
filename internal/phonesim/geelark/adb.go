package geelark

import (
	"log/slog"
	"net"
	"strconv"
)

// adb is a started phone's ADB:
//
//	        ┌── 3 s ──▶ on ────────┐
//	off ──open──▶ opening           ├──close──▶ off
//	        └── by chance: stuck ──┘      (comes up the next time)
type adb struct {
	state    adbState
	password string // of this start
	ip       string
	port     int
	lastPort int
	// change counts openings and closings: what an earlier one put off is void.
	change int
	// stuckBefore is set when the last opening got stuck, which the next does not.
	stuckBefore bool
}

type adbState int

const (
	adbOff adbState = iota
	adbOpening
	adbStuck
	adbOn
)

// address is what the API tells about a phone's ADB.
type address struct {
	Code     code   `json:"code"`
	ID       string `json:"id"`
	IP       string `json:"ip"`
	Port     string `json:"port"`
	Password string `json:"pwd"`
}

// setADB opens or closes ADB; opening takes a while.
func (p *phone) setADB(open bool) code {
	if c := p.faults.ofPhone(apiADBStatus, p.spec.Name); c != codeOK {
		return c
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.status != statusStarted:
		return codeNotRunning
	case !open:
		p.closeADB()
	case p.adb.state == adbOff:
		p.openADB()
	}
	return codeOK
}

// openADB begins to open; mu is held.
func (p *phone) openADB() {
	p.adb.change++
	_, forced := p.faults.happens(kindADBStuck, p.spec.Name)
	chance := p.dice.Float64() < p.cfg.StuckChance
	if forced || chance && !p.adb.stuckBefore {
		p.adb.state, p.adb.stuckBefore = adbStuck, true
		p.logger.Info("adb is stuck")
		return
	}
	p.adb.state, p.adb.stuckBefore = adbOpening, false
	turn, change := p.turn, p.adb.change
	p.timers.after(p.scaled(adbTime), func() { p.adbOpened(turn, change) })
}

// closeADB cuts who is connected; mu is held.
func (p *phone) closeADB() {
	p.adb.change++
	if p.adb.state == adbOn {
		p.machine.CloseADB()
		p.ports.give(p.adb.port)
		p.adb.lastPort = p.adb.port
	}
	p.adb.state = adbOff
}

// adbOpened ends an opening: on another port than the last one, and one that
// can be had.
func (p *phone) adbOpened(turn, change int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.turn != turn || p.adb.change != change {
		return
	}
	var refused []int
	defer func() {
		for _, port := range refused {
			p.ports.give(port)
		}
	}()
	for {
		port, ok := p.ports.take(p.dice, p.adb.lastPort)
		if !ok {
			p.logger.Error("no port is free for adb")
			p.adb.state = adbStuck
			return
		}
		if err := p.machine.OpenADB(net.JoinHostPort(p.cfg.ADBHost, strconv.Itoa(port)), p.adb.password); err != nil {
			refused = append(refused, port)
			continue
		}
		p.adb.state, p.adb.port = adbOn, port
		p.adb.ip = p.cfg.Advertise[p.dice.IntN(len(p.cfg.Advertise))]
		p.logger.Info("adb is open", slog.String("ip", p.adb.ip), slog.Int("port", port))
		return
	}
}

// adbData tells how adb reaches the phone.
func (p *phone) adbData() address {
	a := address{ID: p.id, Code: p.faults.ofPhone(apiADBData, p.spec.Name)}
	if a.Code != codeOK {
		return a
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.status != statusStarted:
		a.Code = codeNotRunning
	case p.adb.state != adbOn:
		a.Code = codeADBOff
	default:
		a.IP, a.Port, a.Password = p.adb.ip, strconv.Itoa(p.adb.port), p.adb.password
	}
	return a
}
