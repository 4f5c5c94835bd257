package lifetest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// event is something that happened to a job.
type event struct {
	Job  int
	What string
	At   time.Time
}

// What happens to a job: what the ledger has recorded, by the worker's word, and
// the tap on the share button, by the phone's.
const (
	evClaim   = "claim"
	evVerify  = "verify"  // a claim that only looks
	evSettle  = "settle"  // a claim whose post was seen
	evPosting = "posting" // phase posting is recorded
	evTap     = "tap"
	evPosted  = "posted" // phase posted is recorded
	evKilled  = "†"
	// A claim that was ended is an event by the row's new status.
)

// note keeps an event. A tap is of the job that was spoken of last.
func (p *phone) note(e event) {
	p.mu.Lock()
	e.At = time.Now()
	if n := len(p.events); e.Job == 0 && n > 0 {
		e.Job = p.events[n-1].Job
	}
	p.events = append(p.events, e)
	then := p.onEvent
	p.mu.Unlock()
	if then != nil {
		then(e)
	}
}

// told is all that happened so far.
func (p *phone) told() []event {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.events)
}

// story is all that happened, in words.
func (p *phone) story() string {
	var words []string
	for _, e := range p.told() {
		words = append(words, e.What)
	}
	return strings.Join(words, " ")
}

// tapsTooMany says where the share button was tapped without an intent of its
// own on disk.
func tapsTooMany(events []event) string {
	intents := map[int]int{}
	for i, e := range events {
		switch e.What {
		case evPosting:
			intents[e.Job] = 1
		case evTap:
			if intents[e.Job]--; intents[e.Job] < 0 {
				return fmt.Sprintf("event %d: a tap for job %d that no phase posting announced", i+1, e.Job)
			}
		}
	}
	return ""
}
