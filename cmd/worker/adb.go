package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"postfleet/internal/adb"
	"postfleet/internal/fault"
	"postfleet/internal/worker"
	"postfleet/workerimage"
)

// adbServer is the adb server that a worker uses: one of its own on the
// loopback, or somebody else's.
type adbServer struct {
	// host is "" for one of its own.
	host string
	port int
}

func (a *app) adbServer(d workerimage.Device) (adbServer, error) {
	if d.ADBServer == "" {
		return adbServer{port: a.places.adbPort}, nil
	}
	host, text, err := net.SplitHostPort(d.ADBServer)
	if err != nil {
		return adbServer{}, fault.Errorf(fault.Input, "adb server: %w", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return adbServer{}, fault.Errorf(fault.Input, "adb server: %w", err)
	}
	return adbServer{host: host, port: port}, nil
}

func (s adbServer) isOwn() bool { return s.host == "" }

func (s adbServer) client() *adb.Client {
	return adb.NewClient(adb.ClientConfig{Host: s.host, Port: s.port})
}

// cleanUp is what is done after Appium's end. With a server that others use,
// their forwards are none of our business.
func (s adbServer) cleanUp(serial string) func(context.Context) error {
	client := s.client()
	if s.isOwn() {
		return client.RemoveForwards
	}
	return func(ctx context.Context) error { return client.RemoveForwardsOf(ctx, serial) }
}

func (a *app) startADB(s workerimage.Settings, server adbServer, logger *slog.Logger) worker.StartFunc {
	if !server.isOwn() {
		cfg := adb.AttachConfig{Address: s.Device.ADBServer}
		return func(ctx context.Context) (worker.Server, error) {
			attached, err := adb.Attach(ctx, cfg, logger)
			if err != nil {
				return nil, err
			}
			return attached, nil
		}
	}
	cfg := adb.ServerConfig{
		Port: server.port, LogPath: a.places.log("adb", s.WorkerID), Home: a.places.home,
	}
	return func(ctx context.Context) (worker.Server, error) {
		if err := a.copyKey(); err != nil {
			return nil, fault.Mark(fault.Infra, err)
		}
		started, err := adb.StartServer(ctx, cfg, logger)
		if err != nil {
			return nil, err
		}
		return started, nil
	}
}

const keyName = "adbkey"

// copyKey gives the worker's adb server the fleet's key, by which phones know
// it. adb wants the key in a folder of its own that it can write to; the fleet's
// is mounted read-only. Without one adb makes its own, which no phone knows.
func (a *app) copyKey() error {
	key, err := os.ReadFile(filepath.Join(a.places.data, keyName, keyName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the fleet's adb key: %w", err)
	}
	dir := filepath.Join(a.places.home, ".android")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("copy the fleet's adb key: %w", err)
	}
	path := filepath.Join(dir, keyName)
	// A public key of another pair, as adb may have left, would be offered with it.
	if err := os.Remove(path + ".pub"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy the fleet's adb key: %w", err)
	}
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return fmt.Errorf("copy the fleet's adb key: %w", err)
	}
	return nil
}
