package device

import (
	"cmp"
	"time"
)

const (
	// installTimeout lets the driver's 21 MB of APKs through at 2 Mbit/s.
	installTimeout = 2 * time.Minute
	// waitForIdle is how long the driver waits for a screen to settle before
	// each command. Its own 10 s make every look at a playing video take 10 s.
	waitForIdle = 500 * time.Millisecond
)

// capabilities returns what a session is asked to be. provisioned means that
// the driver's apps are known to be on the phone and up to date.
//
// The driver must neither start an adb server (remoteAdbHost) nor kill the one
// there is (suppressKillServer), which would cut off this phone, and with a
// shared server all the others. Where several sessions share one, their forwards
// are on one host: systemPort is never left to the driver's choice, whose lock
// does not reach beyond its own container.
func capabilities(cfg Config, provisioned bool) map[string]any {
	t := cfg.Timeouts
	caps := map[string]any{
		"platformName":                            "Android",
		"appium:automationName":                   "UiAutomator2",
		"appium:udid":                             cfg.Address,
		"appium:remoteAdbHost":                    cmp.Or(cfg.ADBHost, "127.0.0.1"),
		"appium:adbPort":                          cfg.ADBPort,
		"appium:suppressKillServer":               true,
		"appium:systemPort":                       cfg.SystemPort,
		"appium:noReset":                          true,
		"appium:autoLaunch":                       false,
		"appium:ignoreHiddenApiPolicyError":       true,
		"appium:skipLogcatCapture":                true,
		"appium:skipUnlock":                       true,
		"appium:newCommandTimeout":                int(t.Idle.Seconds()),
		"appium:adbExecTimeout":                   t.ADB.Milliseconds(),
		"appium:uiautomator2ServerReadTimeout":    t.Read.Milliseconds(),
		"appium:uiautomator2ServerLaunchTimeout":  t.ServerLaunch.Milliseconds(),
		"appium:uiautomator2ServerInstallTimeout": installTimeout.Milliseconds(),
		"appium:settings[waitForIdleTimeout]":     waitForIdle.Milliseconds(),
	}
	if cfg.MJPEGPort != 0 {
		caps["appium:mjpegServerPort"] = cfg.MJPEGPort
	}
	if cfg.ChromedriverPort != 0 {
		caps["appium:chromedriverPort"] = cfg.ChromedriverPort
	}
	if provisioned {
		caps["appium:skipDeviceInitialization"] = true
		caps["appium:skipServerInstallation"] = true
	}
	return caps
}
