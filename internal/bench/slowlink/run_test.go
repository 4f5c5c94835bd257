package main

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"postfleet/internal/evidence"
)

// race is what both clients took on a link, in seconds.
func race(rtt time.Duration, ours, other []float64, right int) figures {
	f := figures{RTT: rtt, Clients: map[string][]measured{}, Right: right}
	for name, all := range map[string][]float64{clientOurs: ours, clientOther: other} {
		for _, s := range all {
			f.Clients[name] = append(f.Clients[name], measured{
				Took: time.Duration(s * float64(time.Second)), Commands: map[string]spent{"GET /source": {Count: 2}},
			})
		}
	}
	return f
}

func TestChecks(t *testing.T) {
	t.Parallel()
	five, ten := []float64{5, 5, 5, 4, 90}, []float64{10, 10, 1, 10, 11}
	near := race(0, ten, five, 10)
	cases := []struct {
		name  string
		cfg   config
		all   []figures
		err   error
		right bool
		share bool
	}{
		{"all well", config{posts: 5}, []figures{near, race(targetRTT, five, ten, 10)}, nil, true, true},
		{"too slow", config{posts: 5}, []figures{race(targetRTT, ten, ten, 10)}, nil, true, false},
		{"one is wrong", config{posts: 5}, []figures{race(targetRTT, five, ten, 9)}, nil, false, true},
		{"too few posts", config{posts: 2}, []figures{race(targetRTT, five[:2], ten[:2], 4)}, nil, true, false},
		{"not that link", config{posts: 5}, []figures{near}, nil, true, false},
		{"an easier rival", config{posts: 5, lean: true}, []figures{race(targetRTT, five, ten, 10)}, nil, true, false},
		{"no figure", config{posts: 5}, nil, errors.New("no container"), false, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			report := evidence.New(0, "")
			put(report, tc.cfg, tc.all, tc.err)
			holds := map[string]bool{}
			for _, c := range report.Checks {
				holds[c.Name] = c.Holds
			}
			want := targets()
			if len(holds) != 2 || holds[want.right.Name] != tc.right || holds[want.share.Name] != tc.share {
				t.Errorf("got %v, want right %t, share %t", report.Checks, tc.right, tc.share)
			}
		})
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	f := race(targetRTT, []float64{1, 2, 3, 6}, []float64{10, 10, 10, 30}, 8)
	f.Opening.Took, f.Closing.Took = 3*time.Second, time.Second
	if got := f.share(); got != 0.25 {
		t.Errorf("share: got %g, want 0.25", got)
	}
	for client, want := range map[string]time.Duration{clientOurs: 4 * time.Second, clientOther: 15 * time.Second} {
		if got := f.mean(client); got != want {
			t.Errorf("mean of %s: got %s, want %s", client, got, want)
		}
	}
	var out strings.Builder
	if err := printTable(config{stdout: &out, stderr: io.Discard}, []figures{f}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"150ms", "ours", "other", "2.50", "0.25"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %q without %q", &out, want)
		}
	}
}
