package orchestrator

import (
	"context"
	"time"

	"postfleet/internal/progress"
)

// Status is a fleet as of now. Its JSON is a fixed contract: every key is
// always there, null where nothing is known.
type Status struct {
	Fleet   string         `json:"fleet"`
	Jobs    Counts         `json:"jobs"`
	Workers []WorkerStatus `json:"workers"`
	// StartedAt is when the running fleet was launched.
	StartedAt *time.Time `json:"started_at"`
	// RatePerHour is how many jobs a running fleet has ended an hour.
	RatePerHour *float64   `json:"rate_per_hour"`
	ETA         *time.Time `json:"eta"`

	// EngineError is why nothing is known of the workers, or nil.
	EngineError error `json:"-"`
}

// WorkerStatus is one worker in a Status.
type WorkerStatus struct {
	ID     int     `json:"id"`
	Device *string `json:"device"`
	// State is the container's State, WorkerStopped or WorkerUnknown.
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
	// Since is when it claimed the row it holds, or else when it started.
	Since *time.Time `json:"since"`
}

// States of a worker besides those of its container.
const (
	// WorkerStopped: it has no container.
	WorkerStopped = "stopped"
	// WorkerUnknown: the engine did not answer.
	WorkerUnknown = "unknown"
)

// ReadStatus reads the status of a fleet from its containers' labels and the
// ledger; no orchestrator need be running. slots are the plan's and may be nil:
// then only workers that have a container are shown. engine may be nil: the
// workers' state is unknown then, as it is when the engine does not answer.
func ReadStatus(
	ctx context.Context, fleet string, slots []Slot, engine Engine, ledger progress.Ledger,
) (Status, error) {
	return Status{}, nil
}
