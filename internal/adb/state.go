package adb

import (
	"context"
	"strings"

	"postfleet/internal/fault"
)

// State is what the adb server says of a phone.
type State string

// The states that we tell apart. adb has more ("recovery", "sideload").
const (
	// StateAbsent is a phone that the server does not know.
	StateAbsent State = ""
	// StateDevice is ready, or frozen: adb cannot tell.
	StateDevice       State = "device"
	StateOffline      State = "offline"
	StateUnauthorized State = "unauthorized"
	StateAuthorizing  State = "authorizing"
	StateConnecting   State = "connecting"
	// StateNoPermissions is a phone on USB whose device file may not be opened.
	StateNoPermissions State = "no permissions"
)

// What a person has to do about a phone.
const (
	adviceUnauthorized = "unlock the phone, tick \"Always allow from this computer\" and tap Allow; " +
		"when it does not ask, revoke USB debugging authorizations in its developer options and plug it in again"
	adviceNoPermissions = "let the worker's user open it by the udev rule in docs/real-devices.md"
)

// Err returns what a state means for whoever wants to use the phone: nil for
// StateDevice.
func (s State) Err() error {
	switch s {
	case StateDevice:
		return nil
	case StateUnauthorized, StateAuthorizing:
		return fault.Errorf(fault.Human, "%w: %s", ErrUnauthorized, adviceUnauthorized)
	case StateNoPermissions:
		return fault.Errorf(fault.Human, "%w: %s", ErrNoPermissions, adviceNoPermissions)
	case StateAbsent:
		return fault.Mark(fault.Device, ErrUnreachable)
	default:
		return fault.Errorf(fault.Device, "%w (state %s)", ErrOffline, string(s))
	}
}

// Device is a line of "adb devices".
type Device struct {
	Serial string
	State  State
}

// Devices lists the phones that the server knows.
func (c *Client) Devices(ctx context.Context) ([]Device, error) {
	out, err := c.host(ctx, "devices")
	if err != nil {
		return nil, err
	}
	return parseDevices(out), nil
}

// State returns the phone's state. It asks the server only, not the phone.
func (c *Client) State(ctx context.Context, serial string) (State, error) {
	devices, err := c.Devices(ctx)
	if err != nil {
		return StateAbsent, err
	}
	for _, d := range devices {
		if d.Serial == serial {
			return d.State, nil
		}
	}
	return StateAbsent, nil
}

// parseDevices reads "SERIAL<TAB>STATE" lines. Anything else, such as the
// heading or a warning of adb's, is passed over.
func parseDevices(out string) []Device {
	var devices []Device
	for line := range strings.Lines(out) {
		serial, state, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || serial == "" || strings.HasPrefix(serial, "*") {
			continue
		}
		devices = append(devices, Device{Serial: serial, State: parseState(state)})
	}
	return devices
}

// parseState drops what adb adds to a state ("no permissions (user in plugdev
// group; are your udev rules wrong?); see …").
func parseState(text string) State {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, string(StateNoPermissions)) {
		return StateNoPermissions
	}
	text, _, _ = strings.Cut(text, ";")
	return State(strings.TrimSpace(text))
}
