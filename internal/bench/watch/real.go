package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"postfleet/internal/testbed"
)

const (
	fleet  = "bench-watch"
	phones = fleet + "-phones"
	// Ports, far from where others begin.
	appiumBase, systemBase, systemBlock, phoneBase = 14723, 20000, 10, 5600
	// readyPoll is how often the engine is asked whether all workers are healthy,
	// readyTimeout how long that may take: on two cores they get in each
	// other's way.
	readyPoll    = 2 * time.Second
	readyTimeout = 20 * time.Minute
	// drainTimeout is longer than the orchestrator's grace.
	drainTimeout = 6 * time.Minute
	// maxSaid is what of the orchestrator's words is shown.
	maxSaid = 500
	// exitPending is that of an orchestrator which was drained.
	exitPending = 4
)

// standIn is what workers start in the place of Appium: 64 of those take the two
// cores of a small host so long to start that some time out. It gives one answer
// to all that a worker asks before it has a job: is it ready, a session, the
// window's size.
const standIn = `node -e 'require("http").createServer((request, response) => response.end(JSON.stringify({value: ` +
	`{ready: true, sessionId: "idle", capabilities: {}, x: 0, y: 0, width: 1080, height: 1920}}))).listen(` +
	`process.argv[process.argv.indexOf("--port") + 1])'`

// measureReal launches the orchestrator on Docker and watches it once every
// worker is healthy.
func measureReal(ctx context.Context, cfg config, dir string) (_ idle, err error) {
	defer func() { err = errors.Join(err, cleanUp(context.WithoutCancel(ctx))) }()
	if err := startPhones(ctx, cfg); err != nil {
		return idle{}, err
	}
	path, err := writeConfig(dir, cfg)
	if err != nil {
		return idle{}, err
	}
	o, err := launch(ctx, cfg, dir, path)
	if err != nil {
		return idle{}, err
	}
	got, err := watchIdle(ctx, cfg, dir, o)
	return got, errors.Join(err, o.drain())
}

// startPhones makes the fleet's network and a container on it with all phones.
func startPhones(ctx context.Context, cfg config) error {
	if err := cleanUp(ctx); err != nil { // what an earlier run was killed over
		return err
	}
	if _, err := testbed.Docker(ctx, "network", "create", fleet); err != nil {
		return err
	}
	const script = `i=0; while [ $i -lt $1 ]; do ` +
		`phonesim run --adb :$(($2 + i)) --control 127.0.0.1:$((7600 + i)) --serial SIM$i --account acct ` +
		`--log-level error & ` +
		`i=$((i + 1)); done; wait`
	_, err := testbed.Docker(ctx, "run", "--detach", "--init", "--no-healthcheck", "--name", phones, "--network", fleet,
		cfg.image, "sh", "-c", script, "sh", strconv.Itoa(cfg.workers), strconv.Itoa(phoneBase))
	return err
}

func writeConfig(dir string, cfg config) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "fleet: %s\ndocker: {image: %q, network: %s}\n", fleet, cfg.image, fleet)
	if !cfg.appium {
		fmt.Fprintf(&b, "appium_start_cmd: %q\n", standIn)
	}
	fmt.Fprintf(&b, "base_appium_port: %d\nsystem_port_base: %d\nsystem_port_block_size: %d\ndevices:\n",
		appiumBase, systemBase, systemBlock)
	for i := range cfg.workers {
		fmt.Fprintf(&b, "  - {name: phone-%d, connect: \"tcp://%s:%d\"}\n", i, phones, phoneBase+i)
	}
	path := filepath.Join(dir, "fleet.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		return "", fmt.Errorf("write the configuration: %w", err)
	}
	return path, nil
}

// launched is an orchestrator that runs.
type launched struct {
	cmd   *exec.Cmd
	ended chan struct{}
	err   error
	said  *os.File
}

// launch starts the orchestrator. What it says is in launch.log.
func launch(ctx context.Context, cfg config, dir, path string) (*launched, error) {
	said, err := os.Create(filepath.Join(dir, "launch.log"))
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	o := &launched{ended: make(chan struct{}), said: said}
	o.cmd = exec.CommandContext(context.WithoutCancel(ctx), cfg.program, //nolint:gosec // the program under test
		"launch", "--config", path, "--data-dir", dir)
	o.cmd.Stdout, o.cmd.Stderr = said, said
	if err := o.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("launch: %w", err), said.Close())
	}
	go func() {
		defer close(o.ended)
		o.err = o.cmd.Wait()
	}()
	return o, nil
}

// watchIdle waits until all workers are healthy, measures, and makes sure that
// nothing happened meanwhile.
func watchIdle(ctx context.Context, cfg config, dir string, o *launched) (idle, error) {
	before, err := o.awaitHealthy(ctx, cfg)
	if err != nil {
		return idle{}, err
	}
	if err := rest(ctx, cfg.settle); err != nil {
		return idle{}, err
	}
	version, err := versionOf(ctx, dir)
	if err != nil {
		return idle{}, err
	}
	got, err := watch(ctx, o.cmd.Process.Pid, cfg.span)
	if err != nil {
		return idle{}, err
	}
	after, err := healthyWorkers(ctx)
	if err != nil {
		return idle{}, err
	}
	now, err := versionOf(ctx, dir)
	switch {
	case err != nil:
		return idle{}, err
	case now != version:
		return idle{}, errors.New("the ledger changed while it was measured")
	case after != before:
		return idle{}, errors.New("workers changed, or fell ill, while it was measured")
	}
	return got, nil
}

// awaitHealthy returns the workers, all of them healthy.
func (o *launched) awaitHealthy(ctx context.Context, cfg config) (string, error) {
	ctx, stop := context.WithTimeoutCause(ctx, readyTimeout, errors.New("not all workers became healthy"))
	defer stop()
	for {
		phonesID, phonesErr := testbed.Docker(ctx, "ps", "--quiet", "--filter", "name=^"+phones+"$")
		healthy, err := healthyWorkers(ctx)
		if err := errors.Join(phonesErr, err); err != nil {
			return "", err
		}
		if phonesID == "" {
			return "", errors.New("the phones have ended")
		}
		if len(strings.Fields(healthy)) == cfg.workers {
			return healthy, nil
		}
		select {
		case <-o.ended:
			said, _ := os.ReadFile(o.said.Name())
			return "", fmt.Errorf("the orchestrator ended: %w: %s", o.err, said[max(0, len(said)-maxSaid):])
		default:
		}
		if err := rest(ctx, readyPoll); err != nil {
			return "", err
		}
	}
}

// healthyWorkers are the ids of the containers.
func healthyWorkers(ctx context.Context) (string, error) {
	return testbed.Docker(ctx, "ps", "--quiet", "--filter", "label=postfleet.fleet="+fleet,
		"--filter", "label=postfleet.role=worker", "--filter", "health=healthy")
}

// drain ends the orchestrator as a person would, and the fleet with it.
func (o *launched) drain() error {
	defer o.said.Close() //nolint:errcheck // what it says is of no interest any more
	if err := o.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		<-o.ended
		return fmt.Errorf("drain: %w", err)
	}
	timer := time.NewTimer(drainTimeout)
	defer timer.Stop()
	select {
	case <-o.ended:
	case <-timer.C:
		_ = o.cmd.Process.Kill()
		<-o.ended
		return fmt.Errorf("the orchestrator did not drain within %s", drainTimeout)
	}
	if code := o.cmd.ProcessState.ExitCode(); code != exitPending {
		return fmt.Errorf("the drained orchestrator ended with %d, want %d", code, exitPending)
	}
	return nil
}

// cleanUp removes all that there may be of the fleet.
func cleanUp(ctx context.Context) error {
	left, err := testbed.Docker(ctx, "ps", "--all", "--quiet", "--filter", "name=^"+fleet+"-")
	if err != nil {
		return err
	}
	if ids := strings.Fields(left); len(ids) > 0 {
		if _, err := testbed.Docker(ctx, append([]string{"rm", "--force"}, ids...)...); err != nil {
			return err
		}
	}
	networks, err := testbed.Docker(ctx, "network", "ls", "--quiet", "--filter", "name=^"+fleet+"$")
	if err != nil || networks == "" {
		return err
	}
	_, err = testbed.Docker(ctx, "network", "rm", fleet)
	return err
}
