package worker

import "time"

// Patience is how long a worker waits for what. A zero field is the default.
type Patience struct {
	// Poll is the wait between two questions for a job when there is none now; 2 s.
	Poll time.Duration
	// Join is how long to ask for the liveness lock, which a dying predecessor
	// may still hold; 20 s.
	Join time.Duration
	// Start is what the servers may take together to start; 2 min. Only the
	// worker's health is measured by it: each start has its own deadline.
	Start time.Duration
	// Ledger is the deadline of one ledger call; 10 s.
	Ledger time.Duration
	// Record is how long to keep trying to write a job's end; 2 min.
	Record time.Duration
	// Claim is how long to keep trying to read or claim; 1 min.
	Claim time.Duration
	// Connect is the deadline of one attempt to connect the phone; 4 min.
	Connect time.Duration
	// ConnectAttempts is how often that is tried; 3.
	ConnectAttempts int
	// Contact is for how long a phone that was well is taken to be; 30 s.
	Contact time.Duration
	// Stop bounds each step of the taking down; 20 s.
	Stop time.Duration
	// StopPhone bounds the stop of a Rented phone, where there is time; 4 min.
	StopPhone time.Duration
	// Rent is what the start of a Rented phone may take, the stop of another
	// included; 15 min.
	Rent time.Duration
	// Check is the deadline of each part's check when health is asked; 3 s.
	Check time.Duration
	// Grace is what the attempt's end may take beyond the job's deadline; 5 min.
	Grace time.Duration
	// Backoff is the first wait between two tries of anything; it doubles up
	// to BackoffMax; 100 ms and 5 s.
	Backoff, BackoffMax time.Duration
	// Restarts is how often in a row a server is started again; 3. One that
	// ran for Healthy, 1 min, begins a new row.
	Restarts int
	Healthy  time.Duration
	// Deaths is how often a server may die within an hour, however well it did
	// in between; 10.
	Deaths int
}

func (p Patience) withDefaults() Patience {
	for _, d := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{
		{&p.Poll, 2 * time.Second},
		{&p.Join, 20 * time.Second},
		{&p.Start, 2 * time.Minute},
		{&p.Ledger, 10 * time.Second},
		{&p.Record, 2 * time.Minute},
		{&p.Claim, time.Minute},
		{&p.Connect, 4 * time.Minute},
		{&p.Contact, 30 * time.Second},
		{&p.Stop, 20 * time.Second},
		{&p.StopPhone, 4 * time.Minute},
		{&p.Rent, 15 * time.Minute},
		{&p.Check, 3 * time.Second},
		{&p.Grace, 5 * time.Minute},
		{&p.Backoff, 100 * time.Millisecond},
		{&p.BackoffMax, 5 * time.Second},
		{&p.Healthy, time.Minute},
	} {
		if *d.field <= 0 {
			*d.field = d.fallback
		}
	}
	if p.ConnectAttempts <= 0 {
		p.ConnectAttempts = 3
	}
	if p.Restarts <= 0 {
		p.Restarts = 3
	}
	if p.Deaths <= 0 {
		p.Deaths = 10
	}
	return p
}
