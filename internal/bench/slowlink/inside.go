package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"postfleet/internal/adb"
	"postfleet/internal/appium"
	"postfleet/internal/logging"
)

// Ports are the container's own.
const (
	adbPort, appiumPort    = 5037, 4723
	ourSystem, otherSystem = 8200, 8210
	ourPictures            = 8201
	stopTimeout            = 30 * time.Second
)

// figures are what came of both clients on one link.
type figures struct {
	RTT     time.Duration         `json:"rtt"`
	Clients map[string][]measured `json:"clients"`
	// Opening is what making our session took, before the first job; Closing its
	// end, after the last.
	Opening measured `json:"opening"`
	Closing measured `json:"closing"`
	// Right is how many posts are on the phones as the jobs have them, each once.
	Right int `json:"right"`
}

// measured is one post, or what else was done once.
type measured struct {
	Took     time.Duration    `json:"took"`
	Commands map[string]spent `json:"commands"`
	// Calls are those that the flow made of the phone.
	Calls map[string]spent `json:"calls,omitempty"`
}

// The clients.
const (
	clientOurs  = "ours"
	clientOther = "other"
)

// inside measures in a container of the workers' image and prints the figures.
func inside(ctx context.Context, cfg config) (err error) {
	dir, err := os.MkdirTemp("", "slowlink-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var all []figures
	err = withServers(ctx, dir, func(ctx context.Context, g *gate) error {
		b := &bench{cfg: cfg, gate: g, dir: dir}
		fmt.Fprintln(cfg.stderr, "warming up …")
		if _, err := b.measure(ctx, 0, 1); err != nil {
			return err
		}
		for _, rtt := range roundTrips() {
			fmt.Fprintf(cfg.stderr, "%s …\n", rtt)
			f, err := b.measure(ctx, rtt, cfg.posts)
			if err != nil {
				return fmt.Errorf("at %s: %w", rtt, err)
			}
			all = append(all, f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return json.NewEncoder(cfg.stdout).Encode(all)
}

// withServers runs the servers as a worker does, and the gate in front of
// Appium.
func withServers(ctx context.Context, dir string, do func(context.Context, *gate) error) (err error) {
	logger := logging.Discard()
	stop := func(server interface{ Stop(context.Context) error }) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, server.Stop(ctx))
	}
	bridge, err := adb.StartServer(ctx, adb.ServerConfig{
		Port: adbPort, LogPath: filepath.Join(dir, "adb.log"), Home: dir,
	}, logger)
	if err != nil {
		return err
	}
	defer stop(bridge)
	server, err := appium.StartServer(ctx, appium.ServerConfig{
		Port: appiumPort, LogPath: filepath.Join(dir, "appium.log"),
		Env: []string{"HOME=" + dir, fmt.Sprintf("ANDROID_ADB_SERVER_PORT=%d", adbPort)},
	}, logger)
	if err != nil {
		return err
	}
	defer stop(server)
	g, err := openGate(ctx, server.URL())
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return g.run(ctx) })
	group.Go(func() error {
		defer end()
		return do(ctx, g)
	})
	return group.Wait()
}
