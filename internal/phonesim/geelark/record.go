package geelark

import (
	"math"
	"net"
	"slices"
	"time"
)

// keptHistory is how many runs and connections are remembered one by one.
const keptHistory = 500

// Run is one stretch of a phone's being on, which is what costs money: from
// the accepted start until it is shut down.
type Run struct {
	From time.Time `json:"from"`
	// Ready is when it had started, To when it was shut down; nil until then.
	Ready *time.Time `json:"ready"`
	To    *time.Time `json:"to"`
	// By is the host that called start.
	By string `json:"by"`
}

func (r Run) duration(now time.Time) time.Duration { return until(r.To, now).Sub(r.From) }

// starting is how much of the run was starting.
func (r Run) starting(now time.Time) time.Duration {
	return until(r.Ready, until(r.To, now)).Sub(r.From)
}

func until(t *time.Time, now time.Time) time.Time {
	if t != nil {
		return *t
	}
	return now
}

// Connection is one host's adb connection to a phone.
type Connection struct {
	Host   string     `json:"host"`
	Remote string     `json:"remote"`
	From   time.Time  `json:"from"`
	To     *time.Time `json:"to"`
}

// record is what is kept of a phone on disk.
type record struct {
	Starts         int `json:"starts"`
	RepeatedStarts int `json:"repeated_starts"`
	ForeignStops   int `json:"foreign_stops"`
	// Seconds, StartingSeconds and BilledMinutes are those of runs that ended.
	Seconds         float64 `json:"seconds"`
	StartingSeconds float64 `json:"starting_seconds"`
	BilledMinutes   int     `json:"billed_minutes"`
	MaxHosts        int     `json:"max_adb_hosts"`
	MaxConnections  int     `json:"max_adb_connections"`
	// Runs and Connections end with the newest.
	Runs        []Run        `json:"runs"`
	Connections []Connection `json:"adb"`
}

// running is the run that has not ended, or nil.
func (r *record) running() *Run {
	if n := len(r.Runs); n > 0 && r.Runs[n-1].To == nil {
		return &r.Runs[n-1]
	}
	return nil
}

func (r *record) begin(now time.Time, by string) {
	r.Starts++
	r.Runs = append(shortened(r.Runs), Run{From: now, By: by})
}

func (r *record) ready(now time.Time) {
	if run := r.running(); run != nil {
		run.Ready = &now
	}
}

func (r *record) end(now time.Time) {
	if run := r.running(); run != nil {
		run.To = &now
		r.Seconds += run.duration(now).Seconds()
		r.StartingSeconds += run.starting(now).Seconds()
		r.BilledMinutes += minutes(run.duration(now))
	}
}

// minutes is how many minutes are billed: those begun count whole.
func minutes(d time.Duration) int { return int(math.Ceil(d.Minutes())) }

func (r *record) connect(now time.Time, remote string) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	r.Connections = append(shortened(r.Connections), Connection{Host: host, Remote: remote, From: now})
	open := r.connected()
	hosts := map[string]bool{}
	for _, c := range open {
		hosts[c.Host] = true
	}
	r.MaxConnections = max(r.MaxConnections, len(open))
	r.MaxHosts = max(r.MaxHosts, len(hosts))
}

func (r *record) disconnect(now time.Time, remote string) {
	for i := range r.Connections {
		if c := &r.Connections[i]; c.Remote == remote && c.To == nil {
			c.To = &now
		}
	}
}

// connected lists the connections that are open; it is never nil.
func (r *record) connected() []Connection {
	open := []Connection{}
	for _, c := range r.Connections {
		if c.To == nil {
			open = append(open, c)
		}
	}
	return open
}

// resume is what a record means after this process was away: whoever was
// connected is not any longer.
func (r *record) resume(now time.Time) {
	for _, c := range r.connected() {
		r.disconnect(now, c.Remote)
	}
}

// shortened makes room for one more.
func shortened[T any](list []T) []T {
	if len(list) >= keptHistory {
		return slices.Clone(list[len(list)-keptHistory+1:])
	}
	return list
}
