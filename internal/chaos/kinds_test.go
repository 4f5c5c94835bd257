package main

import (
	"testing"

	"postfleet/internal/testbed"
)

// TestAim holds the processes that are struck to their command lines in a
// worker's container.
func TestAim(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args        []string
		appium, adb bool
	}{
		{
			args:   []string{"node", "--optimize-for-size", "/opt/appium/node_modules/appium/index.js", "server"},
			appium: true,
		},
		{args: []string{"adb", "-P", "5037", "nodaemon", "server"}, adb: true},
		{args: []string{"adb", "-H", "127.0.0.1", "-P", "5037", "devices"}},
		{args: []string{"/usr/local/bin/worker", "run"}},
		{args: []string{"/sbin/docker-init", "--", "worker", "run"}},
	} {
		p := testbed.Process{Args: tt.args}
		if isAppium(p) != tt.appium || isADB(p) != tt.adb {
			t.Errorf("%q: got appium %t, adb %t", tt.args, isAppium(p), isADB(p))
		}
	}
}
