package config_test

import (
	"strings"
	"testing"

	"postfleet/internal/config"
)

func TestInsecureAppiumIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"appium_args: [--allow-insecure, '*:adb_shell']":          "appium_args",
		"appium_args: ['--allow-insecure=uiautomator2:x']":        "appium_args",
		"appium_args: [--log-timestamp, --relaxed-security]":      "appium_args",
		"appium_args: ['--allow_insecure=x']":                     "appium_args",
		`appium_start_cmd: "appium '--relaxed-security'"`:         "appium_start_cmd",
		`appium_start_cmd: appium --allow-insecure=get_server`:    "appium_start_cmd",
		"appium_args: [--log-timestamp, --deny-insecure, a]":      "",
		`appium_start_cmd: node /opt/allow-insecure/appium`:       "",
		"appium_args: ['the words --relaxed-security in a text']": "",
	} {
		_, err := config.Load(config.Options{Path: writeFile(t, text+"\n"), Simulate: true})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want+":") {
			t.Errorf("%s: got %v, want a problem of %q", text, err, want)
		}
	}
}
