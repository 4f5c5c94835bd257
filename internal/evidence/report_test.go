package evidence_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"postfleet/internal/evidence"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		op    evidence.Op
		value float64
		holds bool
	}{
		{"at most, below", evidence.AtMost, 2, true},
		{"at most, at", evidence.AtMost, 3, true},
		{"at most, above", evidence.AtMost, 4, false},
		{"at least, below", evidence.AtLeast, 2, false},
		{"at least, at", evidence.AtLeast, 3, true},
		{"exactly", evidence.Exactly, 3, true},
		{"exactly, off", evidence.Exactly, 3.5, false},
		{"unknown op", "~", 3, false},
		{"no number", evidence.AtMost, math.NaN(), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := evidence.New(0, "")
			r.Check(evidence.Target{Name: "x", Op: tt.op, Value: 3}, tt.value)
			if got := r.Checks[0].Holds; got != tt.holds {
				t.Errorf("%v %s 3: got holds=%v, want %v", tt.value, tt.op, got, tt.holds)
			}
			if failed := len(r.Failed()); (failed == 0) != tt.holds {
				t.Errorf("Failed: got %d checks", failed)
			}
		})
	}
}

// TestWrite holds the written report to the keys that tools rely on.
func TestWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "demo", "report.json")
	r := evidence.New(7, "20.10")
	r.Measure("jobs", 12, "jobs", nil)
	r.Check(evidence.Target{Name: "posts", Op: evidence.AtLeast, Value: 12}, 12)
	r.CannotCheck(evidence.Target{Name: "phones", Op: evidence.Exactly}, "no phone answered")
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(`"op": ">="`)) {
		t.Errorf("the comparison is not written as it is: %s", b)
	}
	var got struct {
		Figures []map[string]any `json:"figures"`
		Checks  []map[string]any `json:"checks"`
		Host    map[string]any   `json:"host"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"name", "value", "unit", "params"} {
		if _, ok := got.Figures[0][key]; !ok {
			t.Errorf("figure has no key %q", key)
		}
	}
	for _, key := range []string{"name", "value", "op", "target", "holds"} {
		if _, ok := got.Checks[1][key]; !ok {
			t.Errorf("check has no key %q", key)
		}
	}
	for _, key := range []string{"cores", "memory_bytes", "go", "engine"} {
		if _, ok := got.Host[key]; !ok {
			t.Errorf("host has no key %q", key)
		}
	}
	if got.Checks[1]["holds"] != false || got.Checks[1]["why"] != "no phone answered" {
		t.Errorf("a check that could not be made: got %v", got.Checks[1])
	}
}
