package orchestrator

import "time"

// SlotPhase is what a slot is doing.
type SlotPhase string

// The phases of a slot.
//
//	idle ─▶ starting ─▶ running ─┬─▶ done ──▶ starting, when rows came back
//	            ▲                ├─▶ parked
//	            └──── backoff ◀──┴─▶ gave_up
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
