package appium_test

import (
	"errors"
	"fmt"
	"testing"

	"postfleet/internal/appium"
)

// The messages are those of the real driver under simulated faults.
func TestWhatErrorsMean(t *testing.T) {
	t.Parallel()
	const (
		linkLoss = 1 << iota
		noDevice
		noElement
		stale
		noSession
	)
	for _, tc := range []struct {
		name          string
		code, message string
		want          int
	}{
		{
			name: "instrumentation crashed", code: "unknown error", want: linkLoss,
			message: "'POST /element' cannot be proxied to UiAutomator2 server because the instrumentation process " +
				"is not running (probably crashed). Check the server log and/or the logcat output for more details",
		},
		{
			name: "transport dropped", code: "unknown error", want: linkLoss,
			message: "Could not proxy command to the remote server. " +
				"Original error: connect ECONNREFUSED 127.0.0.1:8200",
		},
		{
			name: "phone died", code: "unknown error", want: linkLoss,
			message: "Could not proxy command to the remote server. Original error: socket hang up",
		},
		{
			name: "phone frozen", code: "unknown error", want: linkLoss,
			message: "Could not proxy command to the remote server. Original error: timeout of 30000ms exceeded",
		},
		{
			name: "adb of the driver timed out", code: "unknown error", want: linkLoss,
			message: "Error executing adbExec. " +
				"Original error: 'Command 'adb -P 5037 -s x shell getprop' timed out after 20000ms'",
		},
		{
			name: "adb of the driver has no phone", code: "unknown error", want: linkLoss,
			message: "Error executing adbExec. Original error: adb: device '10.0.0.7:5555' not found",
		},
		{
			name: "phone absent at create", code: "unknown error", want: linkLoss | noDevice,
			message: "Could not find a connected Android device in 20000ms",
		},
		{name: "no element", code: "no such element", message: "An element could not be located", want: noElement},
		{name: "stale", code: "stale element reference", message: "gone", want: stale},
		{name: "session expired", code: "invalid session id", message: "A session is terminated", want: noSession},
		{name: "no driver", code: "no such driver", message: "A session is terminated", want: noSession},
		{name: "something else", code: "invalid argument", message: "device 'x' is fine"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("do it: %w", &appium.Error{Status: 500, Code: tc.code, Message: tc.message})
			if got := meaning(err); got != tc.want {
				t.Errorf("got %b, want %b", got, tc.want)
			}
		})
	}
	if got := meaning(errors.New("timeout of 3ms exceeded, socket hang up")); got != 0 {
		t.Errorf("got %b for an error that is not the server's, want 0", got)
	}
}

func meaning(err error) int {
	bits := 0
	for i, is := range []func(error) bool{
		appium.IsLinkLoss, appium.IsNoDevice, appium.IsNoSuchElement, appium.IsStaleElement, appium.IsInvalidSession,
	} {
		if is(err) {
			bits |= 1 << i
		}
	}
	return bits
}
