package orchestrator

import (
	"time"

	"postfleet/internal/progress"
)

// Counts are the ledger's rows by status.
type Counts struct {
	Total   int `json:"total"`
	Pending int `json:"pending"`
	Claimed int `json:"claimed"`
	Success int `json:"success"`
	Fail    int `json:"fail"`
	Skip    int `json:"skip"`
	// Unknown is the part of Fail of which nobody could tell the outcome.
	Unknown int `json:"unknown"`
}

// Count counts rows.
func Count(rows []progress.Row) Counts { return Counts{} }

// Open is how many rows still have to come to an end.
func (c Counts) Open() int { return c.Pending + c.Claimed }

// Report is what a run came to.
type Report struct {
	Jobs  Counts
	Slots []SlotState
	// Drained is set when the run was told to end.
	Drained   bool
	StartedAt time.Time
	Duration  time.Duration
	// ExitCode is workerimage.ExitDone, ExitFailed, ExitPending or ExitLedger.
	ExitCode int
}

// SlotPhase is what a slot is doing.
type SlotPhase string

// The phases of a slot. From SlotDone on it starts no worker any more, unless
// rows come back that it could take.
const (
	SlotIdle     SlotPhase = "idle"
	SlotStarting SlotPhase = "starting"
	SlotRunning  SlotPhase = "running"
	SlotBackoff  SlotPhase = "backoff"
	SlotDone     SlotPhase = "done"
	// SlotParked waits for a person to look at the device.
	SlotParked SlotPhase = "parked"
	// SlotGaveUp restarted too often, or for an error that restarts cannot mend.
	SlotGaveUp SlotPhase = "gave_up"
)

// SlotState is a snapshot of a slot.
type SlotState struct {
	ID     int
	Device string
	Phase  SlotPhase
	// Container is the worker's container ID, "" when there is none.
	Container string
	// Restarts counts how often this run made the slot's worker again.
	Restarts int
	// Reason says why it is not running, in words for a person.
	Reason string
	Since  time.Time
}
