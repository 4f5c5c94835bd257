package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"postfleet/internal/config"
	"postfleet/internal/doctor"
	"postfleet/internal/usb"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// greetTimeout is what a phone gets to answer.
const greetTimeout = 5 * time.Second

// checkDevices looks for every phone where it is to be, all at once.
func (c *checkup) checkDevices(ctx context.Context) {
	const check = "devices"
	if c.resolved == nil {
		c.Unchecked(check, "the configuration is wrong")
		return
	}
	devices := c.resolved.Devices[:min(c.resolved.Derived.Workers, len(c.resolved.Devices))]
	reports := make([]doctor.Report, len(devices))
	var all sync.WaitGroup
	for i, d := range devices {
		all.Go(func() { checkDevice(ctx, &reports[i], d) })
	}
	all.Wait()
	for _, r := range reports {
		c.Findings = append(c.Findings, r.Findings...)
	}
}

func checkDevice(ctx context.Context, r *doctor.Report, d config.Device) {
	check := "device " + d.Name
	late := fmt.Errorf("no answer within %s", greetTimeout)
	ctx, stop := context.WithTimeoutCause(ctx, greetTimeout, late)
	defer stop()
	switch kind, address := d.Connection(); kind {
	case config.KindTCP:
		checkTCP(ctx, r, check, address)
	case config.KindUSB:
		checkUSB(r, check, d.UDID, usb.Host())
	case config.KindADBServer:
		checkServer(ctx, r, check, address, d.UDID)
	case config.KindGeelark:
		r.OK(check, "it is rented: it is switched on when a job wants it")
	default:
		r.OK(check, "it is simulated: launch makes it")
	}
}

func checkTCP(ctx context.Context, r *doctor.Report, check, address string) {
	greeting, err := doctor.Greet(ctx, address)
	switch {
	case err != nil:
		r.Fail(check, "see that the phone is on, in this network, and that adbd listens there (adb tcpip 5555)",
			"%s cannot be reached: %v", address, err)
	case greeting == doctor.AsksForKey:
		r.Warn(check, "when the phone asks whether to allow USB debugging, accept it for ever",
			"%s answers and wants to know the key of who connects", address)
	case greeting == doctor.WantsTLS:
		r.Fail(check, "turn wireless debugging off and adbd's TCP on (adb tcpip 5555)",
			"%s is wireless debugging, with pairing, which is not supported", address)
	default:
		r.OK(check, "%s answers and lets us in", address)
	}
}

// checkUSB looks whether the phone is plugged in; what it says is for its
// worker alone to hear.
func checkUSB(r *doctor.Report, check, udid string, bus orchestrator.Bus) {
	phone, err := bus.Find(udid)
	switch {
	case errors.Is(err, usb.ErrNoBus):
		r.Unchecked(check, "no USB is to be seen from here: %v", err)
	case err != nil:
		r.Fail(check, "plug the phone in, choose a USB mode with data and turn USB debugging on", "%v", err)
	case phone.Group >= 0:
		r.OK(check, "%s is at %s, for group %d, which its worker joins", udid, phone.Path, phone.Group)
	default:
		r.OK(check, "%s is at %s", udid, phone.Path)
	}
}

// checkServer asks another host's adb server for the phone. The name by which
// containers know this host is not known to the host itself.
func checkServer(ctx context.Context, r *doctor.Report, check, address, udid string) {
	if host, port, err := net.SplitHostPort(address); err == nil && host == workerimage.HostName {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	phones, err := doctor.ServerPhones(ctx, address)
	if err != nil {
		r.Fail(check, "start it there for other hosts as well: adb -a nodaemon server",
			"the adb server at %s cannot be asked: %v", address, err)
		return
	}
	switch state := phones[udid]; state {
	case "device":
		r.OK(check, "the adb server at %s has %s", address, udid)
	case "":
		r.Fail(check, "plug it in there, or adb connect it", "the adb server at %s has no %s", address, udid)
	case "unauthorized":
		r.Fail(check, "unlock the phone and accept that host for ever",
			"%s does not let in the adb server at %s", udid, address)
	default:
		r.Fail(check, "see docs/real-devices.md", "the adb server at %s says %s is %q", address, udid, state)
	}
}
