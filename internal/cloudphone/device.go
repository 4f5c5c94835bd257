package cloudphone

import (
	"log/slog"
	"sync"
	"time"

	"postfleet/internal/device"
	"postfleet/internal/geelark"
	"postfleet/internal/posting"
	"postfleet/internal/worker"
)

var (
	_ worker.Device  = (*Device)(nil)
	_ worker.Rented  = (*Device)(nil)
	_ posting.Device = (*Device)(nil)
)

// Config says which phone, and how it is driven.
type Config struct {
	// Name is the phone's. "" is by account: the one named as the job's account.
	Name string
	// LoginEvery is how often the login is renewed; 0 is 5 minutes.
	LoginEvery time.Duration
	// HeldPatience is how long one waits for a phone that somebody of this fleet
	// holds or stops just now; 0 is 5 s. HeldPoll is how often one asks,
	// which costs a request of the account's; 0 is 1 s.
	HeldPatience, HeldPoll time.Duration
	// Device drives it; Address, Password and Deliver are the phone's own.
	Device device.Config
	// RentFunc returns the phone of that name. Nothing is asked by it.
	RentFunc func(name string) *geelark.Phone
	// LeftFunc returns the phones that a former life of this worker has left on, to
	// be stopped: nobody else does, now that the worker lives. It is asked once, when
	// the first phone is started or stopped. Nil: there are none.
	LeftFunc func() ([]*geelark.Phone, error)
}

// Device is the phone of one worker, which may be another one for each job. Its
// methods are for one goroutine at a time, but for Check. See device.Controller
// for the errors of those that it has in common with it.
type Device struct {
	cfg    Config
	logger *slog.Logger

	// phone is on, or may be; nil when none is. name is its own.
	phone *geelark.Phone
	name  string
	// left are phones that could not be stopped, by name: of two that stand for one
	// phone only the last may stop it, or it would stop what another worker has
	// started meanwhile.
	left map[string]*geelark.Phone

	mu sync.Mutex
	// ctl drives the phone at link; nil when it was not reached yet.
	ctl  *device.Controller
	link geelark.Link
	// connected: the last Connect or Reach went well.
	connected bool
	renewal   renewal
}

// New returns the device. Nothing is on.
func New(cfg Config, logger *slog.Logger) *Device {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&cfg.LoginEvery, 5 * time.Minute},
		{&cfg.HeldPatience, 5 * time.Second},
		{&cfg.HeldPoll, time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return &Device{cfg: cfg, logger: logger, left: make(map[string]*geelark.Phone)}
}

// PerAccount implements worker.Rented.
func (d *Device) PerAccount() bool { return d.cfg.Name == "" }

// Account implements worker.Rented.
func (d *Device) Account() string {
	if d.phone == nil || !d.PerAccount() {
		return ""
	}
	return d.name
}
