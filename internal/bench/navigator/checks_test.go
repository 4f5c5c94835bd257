package main

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/fault"
	"postfleet/internal/posting"
)

// made are results in which every target is met just so.
type made struct {
	skins       []skinRun
	known       []result
	fleet       fleetRun
	app, corpus *outlineRun
	prints      *printRun
}

func well() made {
	good := func(calls int) result { return result{posts: 1, shares: 1, calls: calls, took: time.Second} }
	alone := result{err: fault.Errorf(fault.Infra, "looked for it")}
	r := made{
		known: []result{good(0)},
		fleet: fleetRun{results: []result{good(3), good(0)}, asked: map[string]int{"home": 1, "edit": 1}},
		app:   &outlineRun{tokens: []float64{1200}, ratios: []float64{8}},
		prints: &printRun{
			dumps: 100, screens: 50, agreed: map[languages]int{anyLanguage: 99, sameLanguage: 99, byLayout: 99},
		},
	}
	for len(r.app.tokens) < 200 {
		r.app.tokens, r.app.ratios = append(r.app.tokens, 100), append(r.app.ratios, 20)
	}
	r.corpus = r.app
	for n := range 2 {
		r.skins = append(r.skins, skinRun{
			number: n, alone: alone, kept: []string{"screen.png", "source.xml"}, cold: good(12), foreign: good(1),
			claude: good(12), warm: []result{good(0), good(0)},
		})
	}
	return r
}

func (m made) report() *evidence.Report {
	report := evidence.New(0, "")
	putSkins(report, m.skins, m.known)
	putFleet(report, m.fleet)
	putOutlines(report, m.app, m.corpus)
	putPrints(report, m.prints)
	return report
}

func TestChecksHold(t *testing.T) {
	t.Parallel()
	report := well().report()
	if failed := report.Failed(); len(failed) > 0 || len(report.Checks) < 20 {
		t.Errorf("got %d checks, these failed: %+v", len(report.Checks), failed)
	}
}

func TestChecksFail(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(m *made)
		want   []string
	}{
		"the recipe alone shares": {
			func(m *made) { m.skins[1].alone.shares = 1 }, []string{"recipe alone, changed app: posts"},
		},
		"the recipe alone does not know what it did": {
			func(m *made) { m.skins[1].alone.err = fault.Errorf(fault.Infra, "%w", posting.ErrAbsent) },
			[]string{"recipe alone, changed app: fails cleanly, with artifacts"},
		},
		"an artifact is missing": {
			func(m *made) { m.skins[1].kept = []string{"source.xml"} },
			[]string{"recipe alone, changed app: fails cleanly, with artifacts"},
		},
		"a call too many": {
			func(m *made) { m.skins[1].cold.calls = 13 }, []string{"recipe+claude, cold: most model calls of a post"},
		},
		"no post": {
			func(m *made) { m.skins[0].cold.err = errors.New("lost") }, []string{"recipe+claude, cold: posts"},
		},
		"shared twice": {
			func(m *made) { m.skins[0].cold.shares = 2 }, []string{"recipe+claude, cold: posts"},
		},
		"a call when warm": {
			func(m *made) { m.skins[0].warm[1].calls = 1 },
			[]string{
				"recipe+claude, warm: posts without a model call", "recipe+claude, warm: model calls of all posts",
			},
		},
		"a call in the original": {
			func(m *made) { m.known[0].calls = 1 }, []string{"recipe+claude, original app: posts without a model call"},
		},
		"one of the fleet does not post": {
			func(m *made) { m.fleet.results[0].posts = 0 }, []string{"2 workers at once: posts"},
		},
		"two learn the same": {
			func(m *made) { m.fleet.asked["edit"] = 2 },
			[]string{"2 workers at once: most model calls about one screen"},
		},
		"nobody was asked": {
			func(m *made) { m.fleet.asked = nil }, []string{"2 workers at once: most model calls about one screen"},
		},
		"a target is lost": {
			func(m *made) { m.app.lost = []string{"x"} }, []string{"outline: targets of steps that are not in it"},
		},
		"a false hit": {
			func(m *made) { m.prints.mistaken = []string{"a and b"} },
			[]string{"fingerprint: false hits over all pairs"},
		},
		"not known again": {
			func(m *made) { m.prints.agreed[anyLanguage] = 98 }, []string{"fingerprint: agreement, any language"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := well()
			tt.change(&m)
			var got []string
			for _, c := range m.report().Failed() {
				got = append(got, c.Name)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	values := []float64{5, 1, 4, 2, 3}
	for share, want := range map[float64]float64{0: 1, 0.05: 1, 0.2: 1, 0.5: 3, 0.95: 5, 1: 5} {
		if got := quantile(values, share); got != want {
			t.Errorf("quantile %g: got %g, want %g", share, got, want)
		}
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("got %g of nothing", got)
	}
}
