package device_test

import (
	"errors"
	"testing"

	"postfleet/internal/adb/adbtest"
	"postfleet/internal/device"
	"postfleet/internal/fault"
)

// TestVersion reads the first version of the dump: that of the update, where an
// app came with the phone.
func TestVersion(t *testing.T) {
	t.Parallel()
	const ask = on + "dumpsys package com.example.app"
	for name, tt := range map[string]struct {
		app, want string
		answer    adbtest.Reply
		err       error
		class     fault.Class
	}{
		"told": {
			app: "com.example.app", want: "4.2-ünï",
			answer: adbtest.Reply{Stdout: "Packages:\r\n    versionCode=42\r\n    versionName=4.2-ünï\r\n\r\n" +
				"Hidden system packages:\n    versionName=1.0\n"},
		},
		"not installed": {
			app: "com.example.app", answer: adbtest.Reply{Stdout: "Dexopt state:\n"}, err: device.ErrNoVersion,
			class: fault.Infra,
		},
		"no app": {app: "com.example;reboot", class: fault.Input},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, but(adbtest.Script{ask: {tt.answer}}))
			if err := b.Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := b.Version(t.Context(), tt.app)
			if got != tt.want || fault.Of(err) != tt.class || tt.err != nil && !errors.Is(err, tt.err) {
				t.Errorf("got %q and %v of class %q, want %q and %q", got, err, fault.Of(err), tt.want, tt.class)
			}
		})
	}
}
