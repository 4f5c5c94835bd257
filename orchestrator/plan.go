package orchestrator

import (
	"errors"

	"postfleet/workerimage"
)

// Plan is a fleet worked out to the last port, before anything exists.
type Plan struct {
	Fleet   string
	Network string
	Slots   []Slot
}

// Slot is a device's place in the fleet: its number, ports and containers.
type Slot struct {
	ID     int
	Device workerimage.Device

	AppiumPort       int
	SystemPort       int
	MJPEGPort        int
	ChromedriverPort int
	// SystemPorts are the first and the last port of the slot's block.
	SystemPorts [2]int

	// Worker is the worker's container, LabelSpec included.
	Worker workerimage.Container
	// Phone is the container of its simulated phone, or nil.
	Phone *workerimage.Container
}

// ErrConnect: a device is to be connected in a way that is not supported.
var ErrConnect = errors.New("orchestrator: unsupported connect")

// NewPlan works out the fleet of cfg. It touches nothing outside. Everything
// that is wrong with cfg is in the one error it returns.
func NewPlan(cfg Config) (Plan, error) { return Plan{}, nil }
