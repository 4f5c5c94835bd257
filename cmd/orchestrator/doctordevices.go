package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"postfleet/internal/config"
	"postfleet/internal/doctor"
)

// greetTimeout is what a phone gets to answer.
const greetTimeout = 5 * time.Second

// checkDevices greets every phone that has an address, all at once.
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
	address, isTCP := strings.CutPrefix(d.Connect, config.KindTCP+"://")
	if !isTCP {
		r.OK(check, "it is simulated: launch makes it")
		return
	}
	late := fmt.Errorf("no answer within %s", greetTimeout)
	ctx, stop := context.WithTimeoutCause(ctx, greetTimeout, late)
	defer stop()
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
