package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/phonesim/geelark"
)

func TestSharedRuns(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	end := func(s int) *time.Time { return new(at(s)) }
	link := func(host string, from int) geelark.Connection { return geelark.Connection{Host: host, From: at(from)} }
	two := []geelark.Run{{By: "w0", From: at(0), To: end(10)}, {By: "w1", From: at(20), To: nil}}
	for _, tt := range []struct {
		name  string
		links []geelark.Connection
		want  int
	}{
		{"each its own", []geelark.Connection{link("w0", 1), link("w1", 21)}, 0},
		{"nobody", nil, 0},
		{"another one joins", []geelark.Connection{link("w0", 1), link("w1", 9)}, 1},
		{"another one than started it", []geelark.Connection{link("w0", 30)}, 1},
		{"both", []geelark.Connection{link("w1", 1), link("w0", 30)}, 2},
	} {
		if got := sharedRuns(geelark.PhoneMeter{Runs: two, Connections: tt.links}); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestJobSeconds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.csv")
	for _, tt := range []struct {
		text string
		want float64
		bad  bool
	}{
		{"job_id,duration_s\n1,2.5\n2,4\n", 6.5, false},
		{"job_id\n1\n", 0, true},
		{"job_id,duration_s\n1,soon\n", 0, true},
		{"", 0, true},
	} {
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := jobSeconds(path); got != tt.want || (err != nil) != tt.bad {
			t.Errorf("%q: got %v, %v; want %v", tt.text, got, err, tt.want)
		}
	}
}

// A book that is not there was never written: that is no empty book.
func TestCheckLeft(t *testing.T) {
	t.Parallel()
	for text, holds := range map[string]bool{
		`{"version":1,"phones":[]}`:            true,
		`{"version":1,"phones":[{"id":"p1"}]}`: false,
		`{`:                                    false,
		"":                                     false,
	} {
		dir := t.TempDir()
		if text != "" {
			if err := os.WriteFile(filepath.Join(dir, "phones.json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r := evidence.New(0, "")
		checkLeft(r, dir)
		if len(r.Checks) != 1 || r.Checks[0].Holds != holds {
			t.Errorf("%q: got %+v", text, r.Checks)
		}
	}
}
