package geelark

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim"
)

// Meter is the answer to GET /meter: the ground truth of what ran.
type Meter struct {
	At time.Time `json:"at"`
	// Running counts the phones that cost money now, Seconds is what all cost
	// so far.
	Running int          `json:"running"`
	Seconds float64      `json:"seconds"`
	Phones  []PhoneMeter `json:"phones"`
}

// PhoneMeter is what one phone did. Every key is always present.
type PhoneMeter struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status int    `json:"status"`
	// Running is set from an accepted start until the phone is shut down, and
	// Busy while somebody else runs it, which the meter does not count.
	Running      bool       `json:"running"`
	RunningSince *time.Time `json:"running_since"`
	Busy         bool       `json:"busy"`
	// Seconds is how long the phone ran, of which StartingSeconds were starting.
	Seconds         float64 `json:"seconds"`
	StartingSeconds float64 `json:"starting_seconds"`
	// BilledMinutes counts every begun minute of every run.
	BilledMinutes int `json:"billed_minutes"`
	Starts        int `json:"starts"`
	// RepeatedStarts counts starts of the phone while it ran, ForeignStops stops
	// while somebody else ran it.
	RepeatedStarts int `json:"repeated_starts"`
	ForeignStops   int `json:"foreign_stops"`
	// MaxHosts is how many different hosts were connected by adb at one time, at
	// most: more than 1 is two workers on one phone.
	MaxHosts       int `json:"max_adb_hosts"`
	MaxConnections int `json:"max_adb_connections"`
	// ADB are the connections of now; Runs and Connections the last 500 of each.
	ADB         []Connection `json:"adb"`
	Runs        []Run        `json:"runs"`
	Connections []Connection `json:"connections"`
}

// meter tells what the phone did.
func (p *phone) meter(now time.Time) PhoneMeter {
	state, busy := p.state(), p.faults.present(kindBusy, p.spec.Name)
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &p.record
	m := PhoneMeter{
		ID: p.id, Name: p.spec.Name, Status: int(state), Busy: busy,
		Seconds: r.Seconds, StartingSeconds: r.StartingSeconds, BilledMinutes: r.BilledMinutes,
		Starts: r.Starts, RepeatedStarts: r.RepeatedStarts, ForeignStops: r.ForeignStops,
		MaxHosts: r.MaxHosts, MaxConnections: r.MaxConnections, ADB: r.connected(),
		Runs: append([]Run{}, r.Runs...), Connections: append([]Connection{}, r.Connections...),
	}
	if run := r.running(); run != nil {
		since := run.From
		m.Running, m.RunningSince = true, &since
		m.Seconds += run.duration(now).Seconds()
		m.StartingSeconds += run.starting(now).Seconds()
		m.BilledMinutes += minutes(run.duration(now))
	}
	return m
}

// meter sums all phones up.
func (s *Service) meter() Meter {
	m := Meter{At: time.Now(), Phones: []PhoneMeter{}}
	for _, p := range s.phones {
		one := p.meter(m.At)
		m.Phones = append(m.Phones, one)
		m.Seconds += one.Seconds
		if one.Running {
			m.Running++
		}
	}
	return m
}

// save keeps the record on disk; mu is held.
func (p *phone) save() {
	if p.file == "" {
		return
	}
	if err := phonesim.SaveJSON(p.file, p.record); err != nil {
		p.logger.Error("meter was not kept", logging.Err(err))
	}
}

// load reads the record back. A phone that ran still does, with its ADB off:
// the cloud does not stop for this process.
func (p *phone) load() error {
	if p.file == "" {
		return nil
	}
	b, err := os.ReadFile(p.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read meter: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := json.Unmarshal(b, &p.record); err != nil {
		return fmt.Errorf("read meter %s: %w", p.file, err)
	}
	now := time.Now()
	p.record.resume(now)
	if run := p.record.running(); run != nil {
		if run.Ready == nil {
			run.Ready = &now
		}
		p.turn++
		p.adb.password = fmt.Sprintf("%06x", p.dice.IntN(1<<24))
		p.status, p.used = statusStarted, now
		p.machine.SwitchOn()
	}
	return nil
}
