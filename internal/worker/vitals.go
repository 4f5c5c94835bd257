package worker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// Part is the verdict on one part of a worker.
type Part struct {
	// Name is PartLoop or a name of Parts.Checks.
	Name string `json:"name"`
	Well bool   `json:"well"`
	// Since is when the part was first found to be as it is.
	Since time.Time `json:"since"`
	// Problem is empty when the part is well.
	Problem string `json:"problem,omitempty"`
}

// PartLoop is the worker's own loop among the parts.
const PartLoop = "worker"

// String is one line for a person.
func (p Part) String() string {
	since := " since " + p.Since.UTC().Format(time.RFC3339)
	if p.Well {
		return p.Name + ": well" + since
	}
	return p.Name + ": " + p.Problem + "," + since
}

// errNoAnswer is a check that has not ended, although its time is up.
var errNoAnswer = errors.New("the check does not end")

// vitals asks the parts how they are and remembers since when each has been
// so. A part is asked once at a time: a check that hangs is not joined by more.
type vitals struct {
	checks map[string]func(context.Context) error
	// patience is the deadline of one check. One that overstays it is answered
	// for.
	patience time.Duration

	mu    sync.Mutex
	parts map[string]Part
	asked map[string]<-chan struct{}
}

func newVitals(checks map[string]func(context.Context) error, patience time.Duration) *vitals {
	return &vitals{
		checks: checks, patience: patience,
		parts: make(map[string]Part), asked: make(map[string]<-chan struct{}),
	}
}

// examine returns the verdicts on all parts but the loop, by name. It blocks
// for little more than the patience, whatever the checks do.
func (v *vitals) examine(ctx context.Context) []Part {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.patience+v.patience/3)
	defer cancel()
	names := slices.Sorted(maps.Keys(v.checks))
	for _, name := range names {
		v.ask(ctx, name)
	}
	parts := make([]Part, 0, len(names))
	for _, name := range names {
		if !answered(ctx, v.question(name)) {
			v.record(name, errNoAnswer)
		}
		parts = append(parts, v.part(name))
	}
	return parts
}

// answered waits for an answer until ctx ends. An answer that is there counts
// also then.
func answered(ctx context.Context, answer <-chan struct{}) bool {
	select {
	case <-answer:
	case <-ctx.Done():
		select {
		case <-answer:
		default:
			return false
		}
	}
	return true
}

// ask puts the question to a part, unless one is still unanswered. It is not
// the asker's: another may wait for the same answer.
func (v *vitals) ask(ctx context.Context, name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if done, ok := v.asked[name]; ok {
		select {
		case <-done:
		default:
			return
		}
	}
	done := make(chan struct{})
	v.asked[name] = done
	go func() {
		defer close(done)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.patience)
		defer cancel()
		v.record(name, v.checks[name](ctx))
	}()
}

func (v *vitals) question(name string) <-chan struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.asked[name]
}

// record keeps the time of the last change, not of the last look.
func (v *vitals) record(name string, err error) Part {
	v.mu.Lock()
	defer v.mu.Unlock()
	p, known := v.parts[name]
	if !known || p.Well != (err == nil) {
		p = Part{Name: name, Well: err == nil, Since: time.Now()}
	}
	p.Problem = ""
	if err != nil {
		p.Problem = err.Error()
	}
	v.parts[name] = p
	return p
}

func (v *vitals) part(name string) Part {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.parts[name]
}

// wait blocks until no question is open, or until ctx ends.
func (v *vitals) wait(ctx context.Context) {
	for name := range v.checks {
		if done := v.question(name); done != nil && !answered(ctx, done) {
			return
		}
	}
}
