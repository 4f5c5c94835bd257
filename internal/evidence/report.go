// Package evidence writes what a demo, a benchmark or a fault suite measured
// and proved: one schema for all, so that a report is read by tools and not
// only by people. A check that could not be made is in the report and does not
// hold; it is never left out.
package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Report is what build/<name>/report.json holds.
type Report struct {
	Figures   []Figure  `json:"figures"`
	Checks    []Check   `json:"checks"`
	Host      Host      `json:"host"`
	Seed      int64     `json:"seed"`
	StartedAt time.Time `json:"started_at"`
	DurationS float64   `json:"duration_s"`
}

// Figure is one measured value.
type Figure struct {
	Name   string         `json:"name"`
	Value  float64        `json:"value"`
	Unit   string         `json:"unit"`
	Params map[string]any `json:"params"`
}

// Op compares a check's value with its target.
type Op string

// The comparisons a check can make.
const (
	AtMost  Op = "<="
	AtLeast Op = ">="
	Exactly Op = "=="
)

// Check is one claim: Value Op Target.
type Check struct {
	Name   string   `json:"name"`
	Value  *float64 `json:"value"` // null: it could not be made
	Op     Op       `json:"op"`
	Target float64  `json:"target"`
	Holds  bool     `json:"holds"`
	Why    string   `json:"why,omitempty"`
}

// Target is a claim before it is checked, beside the sentence it comes from.
type Target struct {
	Name   string
	Op     Op
	Value  float64
	Source string
}

// Host is the machine the report was made on. Engine is "" when none was used.
type Host struct {
	Cores       int    `json:"cores"`
	MemoryBytes int64  `json:"memory_bytes"`
	Go          string `json:"go"`
	Engine      string `json:"engine"`
}

// New returns an empty report that starts now. seed is what makes the run
// repeatable, 0 when nothing in it is random.
func New(seed int64, engine string) *Report {
	return &Report{
		Figures: []Figure{},
		Checks:  []Check{},
		Host: Host{
			Cores:       runtime.NumCPU(),
			MemoryBytes: memoryBytes(),
			Go:          runtime.Version(),
			Engine:      engine,
		},
		Seed:      seed,
		StartedAt: time.Now().UTC(),
	}
}

// Measure adds a figure. params may be nil.
func (r *Report) Measure(name string, value float64, unit string, params map[string]any) {
	if params == nil {
		params = map[string]any{}
	}
	r.Figures = append(r.Figures, Figure{Name: name, Value: value, Unit: unit, Params: params})
}

// Check adds the claim t for the value that was seen.
func (r *Report) Check(t Target, value float64) {
	c := Check{Name: t.Name, Value: &value, Op: t.Op, Target: t.Value, Holds: t.Op.holds(value, t.Value)}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		c.Value, c.Holds, c.Why = nil, false, "the value is not a number"
	}
	r.Checks = append(r.Checks, c)
}

// CannotCheck adds the claim t as one that does not hold because it could not
// be made.
func (r *Report) CannotCheck(t Target, why string) {
	r.Checks = append(r.Checks, Check{Name: t.Name, Op: t.Op, Target: t.Value, Why: why})
}

// Failed returns the checks that do not hold.
func (r *Report) Failed() []Check {
	var failed []Check
	for _, c := range r.Checks {
		if !c.Holds {
			failed = append(failed, c)
		}
	}
	return failed
}

// Write ends the report and writes it to path, making its directory.
func (r *Report) Write(path string) error {
	r.DurationS = time.Since(r.StartedAt).Seconds()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // op is to be read as <= and not as \u003c=
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func (op Op) holds(value, target float64) bool {
	switch op {
	case AtMost:
		return value <= target
	case AtLeast:
		return value >= target
	case Exactly:
		return value == target
	}
	return false
}
