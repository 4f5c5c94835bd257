package orchestrator

import (
	"time"

	"postfleet/workerimage"
)

// Config is all that a plan is made from. cmd/orchestrator fills it.
type Config struct {
	// Place is what the containers have in common. Its paths are as the engine
	// sees them, which differs from ours when we run in a container ourselves.
	Place workerimage.Place
	// Worker is what all workers are told. The plan sets Fleet, WorkerID,
	// Device and the ports for each slot.
	Worker workerimage.Settings
	// Devices are the phones, in the order of the slots.
	Devices []DeviceConfig
	// Workers is how many slots there are. 0 is one per device.
	Workers int
	// Simulate gives every slot a simulated phone named sim-<n> in place of its
	// device, whose accounts it keeps. Slots beyond the list have none.
	Simulate bool
	// Accounts are those that can be logged in on every simulated phone.
	Accounts []string
	Ports    PortConfig
}

// DeviceConfig is a phone as the config file has it.
type DeviceConfig struct {
	Name string
	// Connect is tcp://host:port, usb, adb-server://host:port or sim. Other kinds
	// are ErrConnect.
	Connect string
	// UDID is the phone's serial number; usb and adb-server:// need it.
	UDID string
	// Accounts are the only ones the device takes; none means any account that
	// no device lists.
	Accounts []string
	// OwnRotateURL says that among the secrets there is a rotation URL for this
	// device alone.
	OwnRotateURL bool
}

// PortConfig is how ports follow from a slot's number n.
type PortConfig struct {
	// AppiumBase + n*AppiumStep is the Appium port.
	AppiumBase, AppiumStep int
	// SystemBase + n*SystemBlock begins the slot's block of SystemBlock ports:
	// systemPort, mjpeg, chromedriver, the rest spare.
	SystemBase, SystemBlock int
}

// Options are how a plan is run.
type Options struct {
	// DataDir is the data directory as this process sees it.
	DataDir string
	Restart Restart
	// Grace is how long after Drain or Cancel workers may go on before they are
	// killed.
	Grace time.Duration
	// Keep leaves the simulated phones, and their network, when the run ends.
	Keep bool
	// Phones stops cloud phones; nil when no worker ever started one.
	Phones PhoneStopper
	// StartLimit is how many workers may be starting at once; each counts for
	// StartHold, or until it ends. 0 means 4 and 5 s.
	StartLimit int
	StartHold  time.Duration
	// HealthEvery is how often the engine is asked how the workers are, once for
	// all of them; one that is unhealthy or paused for HealthPatience is stopped
	// and made again. 0 means 5 s and 20 s.
	HealthEvery, HealthPatience time.Duration
	// Bus is where phones on USB are looked for, every BusEvery; one that is not
	// plugged in is waited for, PlugPatience each time a worker is to be made. nil
	// is this machine's, and 0 means 1 s and 1 min.
	Bus          Bus
	BusEvery     time.Duration
	PlugPatience time.Duration
	// Jitter returns a number in [0, 1) by which waits differ; nil draws one. It
	// is called by several goroutines at once.
	Jitter func() float64
}

// Restart says when a slot makes its worker again.
type Restart struct {
	// Max restarts within Window are allowed; at the next the slot gives up.
	Max    int
	Window time.Duration
	// The first restart of a row comes at once. Backoff is the longest wait
	// before the second; it doubles up to BackoffMax, and at least half of it is
	// waited. A worker that ran for HealthyAfter ends the row.
	Backoff      time.Duration
	BackoffMax   time.Duration
	HealthyAfter time.Duration
}
