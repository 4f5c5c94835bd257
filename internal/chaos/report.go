package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

// tally is what came of all rounds.
type tally struct {
	testbed.Findings

	runs      runs
	unended   int
	forgotten int
	forwards  int
	// left are containers and networks after the last launch of each round.
	containers, networks int
	// delays are the times from a fault to a worker's next claim, by kind;
	// tried and struck count the faults.
	delays        map[string][]time.Duration
	tried, struck map[string]int
}

func newTally() *tally {
	return &tally{delays: map[string][]time.Duration{}, tried: map[string]int{}, struck: map[string]int{}}
}

// add judges a round that is over.
func (t *tally) add(ctx context.Context, r *round, result runs) error {
	rows, err := r.fleet.Rows(ctx)
	if err != nil {
		return err
	}
	posts, forgotten, err := r.posted()
	if err != nil {
		return err
	}
	containers, networks, err := r.fleet.Left(ctx)
	if err != nil {
		return err
	}
	t.Add(testbed.Judge(rows, posts, r.asked))
	t.runs.Launches += result.Launches
	t.runs.Failed += result.Failed
	if !result.Ended {
		t.unended++
	}
	t.forgotten += forgotten
	t.forwards = max(t.forwards, r.forwards)
	t.containers += containers
	t.networks += networks
	t.measure(r)
	return nil
}

// join adds what another tally found, but not its faults and delays.
func (t *tally) join(o *tally) {
	t.Add(o.Findings)
	t.runs.Launches += o.runs.Launches
	t.runs.Failed += o.runs.Failed
	t.unended += o.unended
	t.forgotten += o.forgotten
	t.forwards = max(t.forwards, o.forwards)
	t.containers += o.containers
	t.networks += o.networks
}

// measure adds the faults of a round.
func (t *tally) measure(r *round) {
	for _, s := range r.strikes {
		t.tried[s.Kind]++
		if s.err != nil {
			continue
		}
		t.struck[s.Kind]++
		for n := range r.cfg.workers {
			if n != s.Worker && !everyone(s.Kind) {
				continue
			}
			if c, ok := r.claims.After(workerID(n), s.began); ok {
				t.delays[s.Kind] = append(t.delays[s.Kind], c.At.Sub(s.began))
			}
		}
	}
}

func everyone(name string) bool {
	return slices.ContainsFunc(kinds(), func(k kind) bool { return k.name == name && k.everyone })
}

// write puts all of it into the report.
func (t *tally) write(report *evidence.Report, drawn []kind) {
	want := targets()
	missing := 0
	for _, k := range drawn {
		if t.struck[k.name] == 0 {
			missing++
		}
		of := map[string]any{"kind": k.name}
		report.Measure("faults", float64(t.struck[k.name]), "faults", of)
		report.Measure("faults that could not be begun", float64(t.tried[k.name]-t.struck[k.name]), "faults", of)
		measureDelays(report, t.delays[k.name], of)
	}
	var all []time.Duration
	for _, d := range t.delays {
		all = append(all, d...)
	}
	measureDelays(report, all, map[string]any{"kind": "all"})
	report.Measure("launches", float64(t.runs.Launches), "launches", nil)
	report.Measure("launches that failed by themselves", float64(t.runs.Failed), "launches", nil)
	report.Measure("rows success", float64(t.Success), "rows", nil)
	report.Measure("rows fail or skip", float64(t.Fail), "rows", nil)
	report.Measure("rows outcome unknown", float64(len(t.Unknown)), "rows", nil)
	report.Check(want.kinds, float64(missing))
	report.Check(want.ended, float64(t.unended))
	report.Check(want.twice, float64(len(t.Twice)))
	report.Check(want.lost, float64(len(t.Lost)+len(t.Waiting)))
	report.Check(want.contradictions, float64(len(t.Contradictions)))
	report.Check(want.unknown, float64(t.Unlooked()))
	report.Check(want.forgotten, float64(t.forgotten))
	report.Check(want.containers, float64(t.containers))
	report.Check(want.networks, float64(t.networks))
	report.Check(want.forwards, float64(t.forwards))
}

func measureDelays(report *evidence.Report, delays []time.Duration, params map[string]any) {
	if len(delays) == 0 {
		return
	}
	for name, share := range map[string]float64{"p50": 0.5, "p95": 0.95} {
		of := map[string]any{"percentile": name, "n": len(delays)}
		maps.Copy(of, params)
		report.Measure("fault to next claim", percentile(delays, share).Seconds(), "s", of)
	}
}

// percentile is the smallest value that at least that share is not above.
func percentile(all []time.Duration, share float64) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}

// checkProcesses holds what still runs to what this program knows of.
func checkProcesses(report *evidence.Report) []string {
	want := targets()
	all, err := testbed.Processes()
	if err != nil {
		report.CannotCheck(want.processes, err.Error())
		return nil
	}
	var left []string
	shims := 0
	for _, p := range all {
		switch {
		case p.PID == 1 || p.PID == self():
		case isShim(p) && p.Childless():
			shims++
		default:
			left = append(left, p.String())
		}
	}
	report.Measure("shims of removed containers that a killed engine forgot", float64(shims), "processes", nil)
	report.Check(want.processes, float64(len(left)))
	return left
}

// isShim reports whether p is what containerd has beside a container. An engine
// that is killed in the middle of a removal forgets it; no client of an engine
// can end it.
func isShim(p testbed.Process) bool { return filepath.Base(p.Args[0]) == "containerd-shim-runc-v2" }

// rows lists what was found, for people.
func (t *tally) rows() string {
	var b strings.Builder
	for _, part := range []struct {
		name string
		rows []string
	}{
		{"posted twice", t.Twice},
		{"lost", t.Lost},
		{"lost, never begun", t.Waiting},
		{"contradicted by the phones", t.Contradictions},
		{"outcome unknown", t.Unknown},
	} {
		for _, row := range part.rows {
			fmt.Fprintf(&b, "%s: %s\n", part.name, row)
		}
	}
	return b.String()
}
