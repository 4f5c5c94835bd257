package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// envOrder makes a process one of those that are measured: an order as JSON.
const envOrder = "POSTFLEET_BENCH_ORDER"

// order is what a measured process is to do.
type order struct {
	Design string        `json:"design"`
	Dir    string        `json:"dir"`
	Worker int           `json:"worker"`
	Round  time.Duration `json:"round"`
	// Keep is how long it holds each row before it puts it back.
	Keep time.Duration `json:"keep"`
}

// hold is one claim of a process: four readings of the clock that all processes
// share, taken around the two calls.
type hold struct {
	Job      int           `json:"j"`
	Token    string        `json:"t"`
	Claiming time.Duration `json:"c"`
	Claimed  time.Duration `json:"d"`
	Ending   time.Duration `json:"e"`
	Ended    time.Duration `json:"f"`
	// Lost: the claim was not this process's any more.
	Lost bool `json:"l,omitempty"`
}

// outcome is what a measured process tells.
type outcome struct {
	Holds []hold        `json:"holds"`
	CPU   time.Duration `json:"cpu"`
}

// ready is what a measured process says once it has opened its list.
const ready = "ready\n"

// work is the life of a measured process: it opens its list, runs one cycle so
// that all is loaded, says so, is told on in when to start, and answers on out.
func work(ctx context.Context, orderJSON string, in io.Reader, out io.Writer) (err error) {
	var o order
	if err := json.Unmarshal([]byte(orderJSON), &o); err != nil {
		return fmt.Errorf("read order: %w", err)
	}
	d, err := designNamed(o.Design)
	if err != nil {
		return err
	}
	s, err := d.open(ctx, o.Dir, strconv.Itoa(o.Worker))
	if err != nil {
		return fmt.Errorf("open %s: %w", o.Design, err)
	}
	defer func() { err = errors.Join(err, s.close()) }()
	first, err := cycle(ctx, s, 0)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, ready); err != nil {
		return fmt.Errorf("say ready: %w", err)
	}
	start, err := readStart(in)
	if err != nil {
		return err
	}
	told, err := cycles(ctx, s, start, o)
	if err != nil {
		return err
	}
	told.Holds = append(told.Holds, first)
	if err := json.NewEncoder(out).Encode(told); err != nil {
		return fmt.Errorf("tell the outcome: %w", err)
	}
	return nil
}

func readStart(in io.Reader) (time.Duration, error) {
	var start time.Duration
	if _, err := fmt.Fscanln(in, &start); err != nil {
		return 0, fmt.Errorf("read when to start: %w", err)
	}
	return start, nil
}

// cycles runs cycles from the given reading of the clock for so long.
func cycles(ctx context.Context, s store, start time.Duration, o order) (outcome, error) {
	told := outcome{Holds: make([]hold, 0, 1<<14)}
	if !until(ctx, start) {
		return outcome{}, context.Cause(ctx)
	}
	before := ownCPU()
	for monotonic() < start+o.Round {
		h, err := cycle(ctx, s, o.Keep)
		if err != nil {
			return outcome{}, err
		}
		told.Holds = append(told.Holds, h)
	}
	told.CPU = ownCPU() - before
	return told, nil
}

func cycle(ctx context.Context, s store, keep time.Duration) (hold, error) {
	begin := monotonic()
	got, err := s.claim(ctx)
	if err != nil {
		return hold{}, err
	}
	h := hold{Job: got.job, Token: got.token, Claiming: begin, Claimed: monotonic()}
	h.Ending = h.Claimed
	if keep > 0 {
		until(ctx, h.Claimed+keep)
		h.Ending = monotonic()
	}
	err = s.release(ctx, got)
	h.Ended = monotonic()
	h.Lost = errors.Is(err, errLost)
	if err != nil && !h.Lost {
		return hold{}, err
	}
	return h, nil
}

// until waits for a reading of the clock and reports whether ctx lasted.
func until(ctx context.Context, at time.Duration) bool {
	timer := time.NewTimer(at - monotonic())
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// orderText is the order as the environment of a process carries it.
func orderText(o order) (string, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return "", fmt.Errorf("give order: %w", err)
	}
	o.Dir = dir
	var b strings.Builder
	if err := json.NewEncoder(&b).Encode(o); err != nil {
		return "", fmt.Errorf("give order: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}

// environ is the environment of a measured process.
func environ(o order) ([]string, error) {
	text, err := orderText(o)
	if err != nil {
		return nil, err
	}
	return append(os.Environ(), envOrder+"="+text), nil
}
