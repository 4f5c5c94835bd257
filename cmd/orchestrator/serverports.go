package main

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"postfleet/internal/doctor"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// serverPortsTaken finds ports that a worker's sessions need on this host: with
// an adb server of the host's, its forwards begin here, not in its container.
// Those that lead to its own phone are left of an earlier session, and the
// worker's to remove.
func serverPortsTaken(ctx context.Context, s orchestrator.Slot) []error {
	host, port, err := net.SplitHostPort(s.Device.ADBServer)
	if err != nil || host != workerimage.HostName {
		return nil
	}
	asking, stop := context.WithTimeout(ctx, greetTimeout)
	defer stop()
	// One that does not answer is its worker's to report, or doctor's.
	forwards, _ := doctor.ServerForwards(asking, net.JoinHostPort("127.0.0.1", port))
	var taken []error
	for _, p := range []int{s.SystemPort, s.MJPEGPort, s.ChromedriverPort} {
		if forwards[p] == s.Device.Address {
			continue
		}
		if err := bindable(ctx, net.JoinHostPort("0.0.0.0", strconv.Itoa(p))); err != nil {
			taken = append(taken, fmt.Errorf("port %d, which the adb server is to forward for %s, cannot be had on "+
				"this host: move system_port_base or end what uses it: %w", p, s.Worker.Name, err))
		}
	}
	return taken
}

// bindable reports why the address cannot be listened on.
func bindable(ctx context.Context, address string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return listener.Close()
}
