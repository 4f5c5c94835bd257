package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/orchestrator/enginetest"
	"postfleet/workerimage"
)

const (
	// envFake makes this program the orchestrator's core on an engine in memory.
	// It is the data directory.
	envFake = "POSTFLEET_BENCH_WATCH_FAKE"
	// fakeReady is what it says when all workers run.
	fakeReady = "ready"
	fakePoll  = 10 * time.Millisecond
)

// measureFake runs fakeFleet in a process of its own and watches that.
func measureFake(ctx context.Context, cfg config, dir string) (_ idle, err error) {
	self, err := os.Executable()
	if err != nil {
		return idle{}, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, self) //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), envFake+"="+dir)
	cmd.Stderr = cfg.stderr
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
		return idle{}, fmt.Errorf("start the fake fleet: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close(), cmd.Wait()) }()
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != fakeReady {
		return idle{}, errors.New("the fake fleet did not come up")
	}
	if err := rest(ctx, cfg.settle); err != nil {
		return idle{}, err
	}
	return watch(ctx, cmd.Process.Pid, cfg.span)
}

// fakeFleet runs the orchestrator on an engine in memory, with a worker for each
// row, until in ends.
func fakeFleet(ctx context.Context, dir string, in io.Reader, out io.Writer) error {
	ledger, err := openLedger(dir)
	if err != nil {
		return err
	}
	err = runFake(ctx, dir, ledger, in, out)
	return errors.Join(err, ledger.Close())
}

func runFake(ctx context.Context, dir string, ledger progress.Ledger, in io.Reader, out io.Writer) error {
	rows, err := ledger.Snapshot(ctx)
	if err != nil {
		return err
	}
	plan, err := fakePlan(dir, len(rows))
	if err != nil {
		return err
	}
	engine := &enginetest.Fake{Images: []string{enginetest.FakeImage}}
	defer engine.Close()
	o := orchestrator.New(plan, orchestrator.Options{
		// A fake worker does not hear of a drain: it is killed.
		DataDir: dir, Grace: time.Millisecond, StartLimit: len(plan.Slots),
		Restart: orchestrator.Restart{Max: 1, Window: time.Minute, HealthyAfter: time.Minute},
	}, engine, ledger, logging.Discard())
	ended := make(chan error, 1)
	go func() {
		_, err := o.Run(ctx)
		ended <- err
	}()
	for !allRun(o) {
		if err := rest(ctx, fakePoll); err != nil {
			return errors.Join(err, <-ended)
		}
	}
	fmt.Fprintln(out, fakeReady)
	_, err = io.Copy(io.Discard, in)
	o.Drain()
	return errors.Join(err, <-ended)
}

func fakePlan(dir string, workers int) (orchestrator.Plan, error) {
	plan, err := orchestrator.NewPlan(orchestrator.Config{
		Place: workerimage.Place{
			Fleet: fleet, Image: enginetest.FakeImage, Network: fleet, DataDir: dir, LogDir: dir,
		},
		Simulate: true, Workers: workers,
		Ports: orchestrator.PortConfig{
			AppiumBase: appiumBase, AppiumStep: 1, SystemBase: systemBase, SystemBlock: systemBlock,
		},
	})
	for i := range plan.Slots {
		plan.Slots[i].Phone = nil // nobody would answer for it
		plan.Slots[i].Worker.Command = enginetest.FakePrograms().Run
	}
	return plan, err
}

func allRun(o *orchestrator.Orchestrator) bool {
	for _, s := range o.Slots() {
		if s.Phase != orchestrator.SlotRunning {
			return false
		}
	}
	return true
}
