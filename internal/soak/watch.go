package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"postfleet/internal/testbed"
	"postfleet/workerimage"
)

// What is looked at, by kind.
const (
	kindOrchestrator = "orchestrator"
	kindWorker       = "worker"
	kindAppium       = "appium"
	kindADB          = "adb"
	kindPhone        = "phone"
	// kindHome is no process but the tmpfs of a worker's container, which counts
	// as memory: a file that stays in it is memory that stays taken.
	kindHome = "home"
)

// leastSamples is what a process must have been seen to be one of ours: what is
// about to become another program is still called as its parent is.
const leastSamples = 3

// series is one process as it was seen over time.
type series struct {
	kind string
	// slot is the worker's number, 0 for the orchestrator.
	slot int
	// pid is 0 for what is no process.
	pid     int
	samples []sample
}

// sample is one look. At is counted from the launch.
type sample struct {
	at time.Duration
	testbed.Usage
}

// watcher looks at a fleet's processes and at what bounds its files. It is not
// for use by several goroutines.
type watcher struct {
	fleet        *testbed.Fleet
	orchestrator testbed.Process
	began        time.Time
	all          []*series
	// journal is the largest that the ledger's journal was, in bytes.
	journal int64
	// unlimited are containers whose log has no limit, by name.
	unlimited map[string]bool
	// containers are all that ran, by id.
	containers map[string]string
}

func newWatcher(fleet *testbed.Fleet, orchestrator int) *watcher {
	return &watcher{
		fleet: fleet, orchestrator: testbed.Process{PID: orchestrator}, began: time.Now(),
		unlimited: map[string]bool{}, containers: map[string]string{},
	}
}

// errEarly is a fleet that was to be drained and ended by itself.
var errEarly = errors.New("the orchestrator ended before its time")

// watch looks again and again, until the time is up.
func (w *watcher) watch(ctx context.Context, cfg config, ended <-chan struct{}) error {
	tick, end := time.NewTicker(cfg.every), time.NewTimer(cfg.duration)
	defer tick.Stop()
	defer end.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ended:
			return errEarly
		case <-end.C:
			return nil
		case <-tick.C:
			if err := w.look(ctx); err != nil {
				return err
			}
		}
	}
}

// look takes one sample of everything. A process that ends meanwhile is left out.
func (w *watcher) look(ctx context.Context) error {
	at := time.Since(w.began)
	w.add(kindOrchestrator, 0, at, w.orchestrator)
	if info, err := os.Stat(filepath.Join(w.fleet.Dir, "progress.csv.journal")); err == nil {
		w.journal = max(w.journal, info.Size())
	}
	running, err := w.fleet.Running(ctx)
	if err != nil {
		return err
	}
	for name, id := range running {
		w.meet(ctx, name, id)
		processes, err := testbed.ProcessesIn(id)
		if err != nil {
			return err
		}
		for _, p := range processes {
			if kind := kindOf(p.Args); kind != "" {
				w.add(kind, slotOf(name), at, p)
			}
		}
	}
	return nil
}

// meet asks the engine, once, how it keeps a container's log. One that ends
// meanwhile is asked about no more.
func (w *watcher) meet(ctx context.Context, name, id string) {
	if _, known := w.containers[id]; known {
		return
	}
	out, err := w.fleet.Engine.Docker(ctx, "inspect", "--format", "{{json .HostConfig.LogConfig}}", id)
	var log struct{ Config map[string]string }
	if err != nil || json.Unmarshal([]byte(out), &log) != nil {
		return // it is missed in the count of containers if that is not all
	}
	w.containers[id] = name
	w.unlimited[name] = log.Config["max-size"] == "" || log.Config["max-file"] == ""
}

// add takes one look at a process, and at the tmpfs that a worker sees.
func (w *watcher) add(kind string, slot int, at time.Duration, p testbed.Process) {
	if usage, err := p.Usage(); err == nil {
		w.series(kind, slot, p.PID).take(sample{at, usage})
	}
	if kind != kindWorker {
		return
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(fmt.Sprintf("/proc/%d/root%s", p.PID, workerimage.HomeDir), &fs); err == nil {
		used, files := int64(fs.Blocks-fs.Bfree)*fs.Bsize, int(fs.Files-fs.Ffree) //nolint:gosec // a tmpfs of 256 MB
		w.series(kindHome, slot, 0).take(sample{at, testbed.Usage{Anonymous: used, Files: files}})
	}
}

func (s *series) take(one sample) { s.samples = append(s.samples, one) }

func (w *watcher) series(kind string, slot, pid int) *series {
	for _, s := range w.all {
		if s.kind == kind && s.slot == slot && s.pid == pid {
			return s
		}
	}
	s := &series{kind: kind, slot: slot, pid: pid}
	w.all = append(w.all, s)
	return s
}

// of returns what was seen of a kind, in order of time.
func (w *watcher) of(kind string, slot int) []*series {
	return slices.DeleteFunc(slices.Clone(w.all), func(s *series) bool {
		return s.kind != kind || s.slot != slot || len(s.samples) < leastSamples
	})
}

// kindOf tells a process of a container from its command line; "" is one that
// is not looked at, such as a health check.
func kindOf(args []string) string {
	second := ""
	if len(args) > 1 {
		second = args[1]
	}
	switch name := filepath.Base(args[0]); {
	case name == workerimage.WorkerProgram && second == "run":
		return kindWorker
	case name == workerimage.PhoneProgram && second == "run":
		return kindPhone
	case name == "adb" && slices.Contains(args, "nodaemon"):
		return kindADB
	case name == "node" && strings.Contains(strings.Join(args, " "), "/appium/"):
		return kindAppium
	}
	return ""
}

// slotOf is the number at the end of a container's name.
func slotOf(name string) int {
	n := 0
	_, _ = fmt.Sscanf(name[strings.LastIndexByte(name, '-')+1:], "%d", &n)
	return n
}
