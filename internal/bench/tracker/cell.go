package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"
)

const (
	// cellTimeout bounds what a cell takes besides its round: starting the
	// processes, loading the list, and the cycles that the round's end cut.
	cellTimeout = 2 * time.Minute
	// releaseDelay lies between telling the processes when to start and then.
	releaseDelay = 20 * time.Millisecond
)

// list is a list of jobs, kept by a design.
type list struct {
	design string
	rows   int
}

// cell is one combination that is measured: processes on a list.
type cell struct {
	list
	processes int
}

func (c cell) String() string {
	return fmt.Sprintf("%s, %d processes, %d rows", c.design, c.processes, c.rows)
}

// dir is where the list is kept.
func (l list) dir(root string) string {
	return filepath.Join(root, l.design+"-"+strconv.Itoa(l.rows))
}

// sample is what one round of a cell gave.
type sample struct {
	// cycles are those that each process ended within the round.
	cycles []int
	round  time.Duration
	// latencies are those of all claims of the round.
	latencies []time.Duration
	// foreign is how many cores others kept busy meanwhile.
	foreign float64
	// wrong is what was wrong with the claims.
	wrong findings
}

// rate is the cycles a second of all processes together.
func (s sample) rate() float64 {
	total := 0
	for _, n := range s.cycles {
		total += n
	}
	return float64(total) / s.round.Seconds()
}

// bench runs cells in a directory.
type bench struct {
	root  string
	round time.Duration
	// keep is not zero in the rounds that only check the claims.
	keep time.Duration
}

// run measures one round of a cell.
func (b bench) run(ctx context.Context, c cell) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, b.round+cellTimeout)
	defer cancel()
	told, foreign, err := b.outcomes(ctx, c)
	if err != nil {
		return sample{}, err
	}
	d, err := designNamed(c.design)
	if err != nil {
		return sample{}, err
	}
	s := told.sample(b.round)
	s.foreign = foreign
	if d.claims {
		s.wrong = examine(told.holds())
	}
	return s, nil
}

// outcomes starts the processes, releases all at one time, and returns what
// they told and how many cores others kept busy.
func (b bench) outcomes(ctx context.Context, c cell) (told told, foreign float64, err error) {
	crew, err := startCrew(ctx, order{Design: c.design, Dir: c.dir(b.root), Round: b.round, Keep: b.keep}, c.processes)
	if err != nil {
		return told, 0, err
	}
	defer func() { err = errors.Join(err, crew.end()) }()
	if err := crew.ready(); err != nil {
		return told, 0, err
	}
	told.start = monotonic() + releaseDelay
	if err := crew.release(told.start); err != nil {
		return told, 0, err
	}
	busy, err := watch(ctx, told.start, b.round)
	if err != nil {
		return told, 0, err
	}
	if told.outcomes, err = crew.outcomes(); err != nil {
		return told, 0, err
	}
	return told, max(0, (busy-told.cpu()).Seconds()/b.round.Seconds()), nil
}

// watch returns the processor time that the host used in the round.
func watch(ctx context.Context, start, round time.Duration) (time.Duration, error) {
	if !until(ctx, start) {
		return 0, context.Cause(ctx)
	}
	before, err := hostCPU()
	if err != nil {
		return 0, err
	}
	if !until(ctx, start+round) {
		return 0, context.Cause(ctx)
	}
	after, err := hostCPU()
	return after - before, err
}

// told is what the processes of one round told.
type told struct {
	start    time.Duration
	outcomes []outcome
}

func (t told) holds() []hold {
	var all []hold
	for _, o := range t.outcomes {
		all = append(all, o.Holds...)
	}
	return all
}

func (t told) cpu() time.Duration {
	var sum time.Duration
	for _, o := range t.outcomes {
		sum += o.CPU
	}
	return sum
}

// sample counts what lies within the round. What its end cut is not a cycle of
// it, but how long its claim took counts: the slowest claims are among those.
func (t told) sample(round time.Duration) sample {
	s := sample{round: round}
	for _, o := range t.outcomes {
		n := 0
		for _, h := range o.Holds {
			if h.Claiming < t.start {
				continue
			}
			s.latencies = append(s.latencies, h.Claimed-h.Claiming)
			if h.Ended <= t.start+round {
				n++
			}
		}
		s.cycles = append(s.cycles, n)
	}
	return s
}
