package orchestrator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"postfleet/internal/progress"
	"postfleet/workerimage"
)

// Status is a fleet as of now. Its JSON is a fixed contract: every key is
// always there, null where nothing is known.
type Status struct {
	Fleet   string         `json:"fleet"`
	Jobs    Counts         `json:"jobs"`
	Workers []WorkerStatus `json:"workers"`
	// StartedAt is when the running fleet was launched.
	StartedAt *time.Time `json:"started_at"`
	// RatePerHour is how many jobs the running fleet has ended an hour.
	RatePerHour *float64 `json:"rate_per_hour"`
	// ETA is when it will have ended the rest at that rate.
	ETA *time.Time `json:"eta"`

	// EngineError is why nothing is known of the workers, or nil.
	EngineError error `json:"-"`
}

// WorkerStatus is one worker in a Status.
type WorkerStatus struct {
	ID     int     `json:"id"`
	Device *string `json:"device"`
	// State is the container's State, WorkerStopped or WorkerUnknown, or, of a
	// worker that does not run, SlotParked, SlotGaveUp or SlotBackoff.
	State string `json:"state"`
	// Container is its name.
	Container  *string `json:"container"`
	AppiumPort *int    `json:"appium_port"`
	// SystemPorts are the first and the last port of its block.
	SystemPorts *[2]int `json:"system_ports"`
	// JobID, AccountName and Phase are those of the row it holds; Phase is ""
	// before anything irreversible.
	JobID       *int    `json:"job_id"`
	AccountName *string `json:"account_name"`
	Phase       *string `json:"phase"`
	Restarts    *int    `json:"restarts"`
	Healthy     *bool   `json:"healthy"`
	// Since is when it claimed the row it holds, or else when it started, or
	// else since when its slot has been in that state.
	Since *time.Time `json:"since"`
	// Reason is why it is parked, gave up or backs off, in words for a person.
	Reason *string `json:"reason,omitempty"`
}

// States of a worker besides those of its container.
const (
	// WorkerStopped: it has no container.
	WorkerStopped = "stopped"
	// WorkerUnknown: the engine did not answer.
	WorkerUnknown = "unknown"
)

// StatusSource is what a status is read from; no orchestrator need be running.
type StatusSource struct {
	Fleet string
	// DataDir, as this process sees it, has what slots without a worker noted;
	// "" is to do without.
	DataDir string
	// Slots are the plan's and may be nil: then only workers that have a
	// container, a note or a row are shown.
	Slots []Slot
	// Engine may be nil: the workers' state is unknown then, as it is when the
	// engine does not answer.
	Engine Engine
	Ledger progress.Ledger
}

// Read reads the status from the containers' labels, the slots' notes and the
// ledger. An error is the ledger's.
func (src StatusSource) Read(ctx context.Context) (Status, error) {
	rows, err := src.Ledger.Snapshot(ctx)
	if err != nil {
		return Status{}, fmt.Errorf("read the ledger: %w", err)
	}
	s := Status{Fleet: src.Fleet, Jobs: Count(rows), EngineError: ErrUnreachable}
	var containers []Container
	if src.Engine != nil {
		containers, s.EngineError = src.Engine.List(ctx, src.Fleet)
	}
	view := viewOf(src.Slots, containers, rows)
	if src.DataDir != "" && s.EngineError == nil {
		view.addNotes(readNotes(src.DataDir, containers, time.Now()))
	}
	s.Workers = make([]WorkerStatus, 0, len(view))
	for _, id := range slices.Sorted(maps.Keys(view)) {
		s.Workers = append(s.Workers, view[id].status(id, s.EngineError == nil))
	}
	s.StartedAt = launchedAt(view)
	s.estimate(rows, time.Now())
	return s, nil
}

// launchedAt is the start of the run that made the running workers.
func launchedAt(view workerViews) *time.Time {
	var first *time.Time
	for _, w := range view {
		if w.container == nil || w.container.State != StateRunning {
			continue
		}
		run, err := time.Parse(time.RFC3339, w.container.Labels[workerimage.LabelRun])
		if err == nil && (first == nil || run.Before(*first)) {
			first = &run
		}
	}
	return first
}

// estimate works out rate and end from the rows that ended since the launch.
func (s *Status) estimate(rows []progress.Row, now time.Time) {
	if s.StartedAt == nil || !now.After(*s.StartedAt) {
		return
	}
	var ended int
	for i := range rows {
		r := &rows[i]
		if (r.Status == progress.StatusSuccess || r.Status == progress.StatusFail) && !r.Time.Before(*s.StartedAt) {
			ended++
		}
	}
	ran := now.Sub(*s.StartedAt)
	s.RatePerHour = new(float64(ended) / ran.Hours())
	if ended > 0 {
		left := time.Duration(float64(ran) / float64(ended) * float64(s.Jobs.Open()))
		s.ETA = new(now.Add(left).UTC().Truncate(time.Second))
	}
}

// parsePorts reads LabelSystemPorts.
func parsePorts(label string) *[2]int {
	var first, last int
	if _, err := fmt.Sscanf(label, "%d-%d", &first, &last); err != nil {
		return nil
	}
	return &[2]int{first, last}
}

// parseInt returns nil for what is no number.
func parseInt(s string) *int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	return &n
}
