package device

import (
	"context"
	"time"
)

// Config is which phone to drive, and by which servers. All ports are the
// worker's own; a zero MJPEGPort or ChromedriverPort is not used.
type Config struct {
	// Address is what adb knows the phone by: the host:port of its adbd, or with
	// Attached its serial number.
	Address string
	// Attached says that the adb server has the phone by itself, as one on USB:
	// nothing is to be connected.
	Attached bool
	// UDID is the serial number that the phone must say it has; "" is any, but
	// always the same.
	UDID string
	// Password, on a cloud phone, is what its shell wants to be told by glogin
	// before it does anything else, and again after each reconnect; "" on others.
	// It is a secret.
	Password string
	// Deliver, if not nil, brings a local file into the phone's Download folder on
	// another way than adb, under a name that it does not tell. It is taken for a
	// file that adb brings more slowly than SlowLink bytes a second; 0 is never.
	Deliver  func(ctx context.Context, local string) error
	SlowLink int64
	// ADBHost is where the adb server is; "" is the loopback. The forwards of a
	// session begin there, too.
	ADBHost string
	// ADBPort is the port of the adb server.
	ADBPort int
	// ADBProgram is the adb executable; "" is adb, from PATH.
	ADBProgram string
	// AppiumURL is the base URL of the Appium server.
	AppiumURL string
	// SystemPort is the local end of the forward to the UiAutomator2 server.
	SystemPort       int
	MJPEGPort        int
	ChromedriverPort int
	Timeouts         Timeouts
}

// Timeouts bound what the phone may take its time for. Zero is the default.
// They nest: what the driver gives up on must end before the command that asked
// for it, so that the driver's own error is the one that is seen.
type Timeouts struct {
	// Probe is for a sign of life; 10 s.
	Probe time.Duration
	// Reach is how long Connect tries an address at which nothing answers, as
	// when the phone restarts; 10 s.
	Reach time.Duration
	// ADB is for one adb command, ours or the driver's; 20 s.
	ADB time.Duration
	// Read is what the driver waits for the phone's UiAutomator2 server; 30 s.
	Read time.Duration
	// Command is for one Appium command; 60 s. Above ADB and Read.
	Command time.Duration
	// ServerLaunch is for UiAutomator2's start on the phone; 60 s.
	ServerLaunch time.Duration
	// NewSession is for making a session, installations included; 3 min.
	NewSession time.Duration
	// Launch is for an app to come to the front; 30 s.
	Launch time.Duration
	// Push is for the upload of one video; 10 min.
	Push time.Duration
	// SlowPush is what a push may take beyond what Config.SlowLink allows; 20 s.
	SlowPush time.Duration
	// Close is for the orderly end of a session; 10 s.
	Close time.Duration
	// Idle is how long Appium keeps a session that nobody uses; 15 min. Above Push.
	Idle time.Duration
}

func (t Timeouts) withDefaults() Timeouts {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&t.Probe, 10 * time.Second},
		{&t.Reach, 10 * time.Second},
		{&t.ADB, 20 * time.Second},
		{&t.Read, 30 * time.Second},
		{&t.Command, time.Minute},
		{&t.ServerLaunch, time.Minute},
		{&t.NewSession, 3 * time.Minute},
		{&t.Launch, 30 * time.Second},
		{&t.Push, 10 * time.Minute},
		{&t.SlowPush, 20 * time.Second},
		{&t.Close, 10 * time.Second},
		{&t.Idle, 15 * time.Minute},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return t
}
