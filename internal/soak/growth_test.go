package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

// seen is a process that was looked at every five seconds for a quarter of an
// hour, with so many bytes and files more each time.
func seen(kind string, slot, pid int, bytes int64, files float64) *series {
	s := &series{kind: kind, slot: slot, pid: pid}
	for i := range 180 {
		s.take(sample{time.Duration(i) * 5 * time.Second, testbed.Usage{
			Anonymous: 10<<20 + bytes*int64(i), Resident: 20 << 20, Files: 20 + int(files*float64(i)), Threads: 8,
		}})
	}
	return s
}

// flatFleet is one worker in whose fleet nothing grows.
func flatFleet() *watcher {
	w := newWatcher(&testbed.Fleet{Workers: 1}, 1)
	w.containers = map[string]string{"a": "soak-worker-0", "b": "soak-phone-0"}
	for i, kind := range []string{kindOrchestrator, kindWorker, kindADB, kindHome, kindPhone, kindAppium} {
		w.all = append(w.all, seen(kind, 0, i, 0, 0))
	}
	w.all = append(w.all, seen(kindAppium, 0, 98, 0, 0), seen(kindAppium, 0, 99, 1<<20, 1)) // the last does not count
	return w
}

func (w *watcher) replace(kind string, by ...*series) {
	w.all = append(slices.DeleteFunc(w.all, func(s *series) bool { return s.kind == kind }), by...)
}

func TestCheckGrowth(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*watcher)
		// fail begins the names of the checks that do not hold.
		fail []string
	}{
		{"flat", func(*watcher) {}, nil},
		{"a worker that grows by 16 KB in 5 s", func(w *watcher) {
			w.replace(kindWorker, seen(kindWorker, 0, 1, 16<<10, 0))
		}, []string{"worker: growth of its memory"}},
		{"a worker that grows by 1 KB in 5 s", func(w *watcher) {
			w.replace(kindWorker, seen(kindWorker, 0, 1, 1<<10, 0))
		}, nil},
		{"an orchestrator that leaks a file now and then", func(w *watcher) {
			w.replace(kindOrchestrator, seen(kindOrchestrator, 0, 1, 0, 0.05))
		}, []string{"orchestrator: growth of its file descriptors"}},
		{"files that stay in a container", func(w *watcher) {
			w.replace(kindHome, seen(kindHome, 0, 0, 0, 1))
		}, []string{"home: growth of its files"}},
		{"an adb server that was started again", func(w *watcher) {
			w.all = append(w.all, seen(kindADB, 0, 77, 0, 0))
		}, []string{"adb: growth of its memory", "adb: growth of its file descriptors"}},
		{
			"a worker that was not seen", func(w *watcher) { w.replace(kindWorker) },
			[]string{"worker: growth of its memory", "worker: growth of its file descriptors"},
		},
		{"an appium that holds more than the one before", func(w *watcher) {
			more := seen(kindAppium, 0, 2, 0, 0)
			for i := range more.samples {
				more.samples[i].Files += 5
			}
			w.replace(kindAppium, seen(kindAppium, 0, 1, 0, 0), more, seen(kindAppium, 0, 3, 0, 0))
		}, []string{"appium: file descriptors of late"}},
		{"an appium that was never recycled", func(w *watcher) {
			w.replace(kindAppium, seen(kindAppium, 0, 1, 0, 0))
		}, []string{"appium: memory of late", "appium: file descriptors of late"}},
		{"a phone that grows", func(w *watcher) {
			w.replace(kindPhone, seen(kindPhone, 0, 1, 1<<20, 1))
		}, nil},
		{
			"a container that was replaced", func(w *watcher) { w.containers["c"] = "soak-worker-0" },
			[]string{"containers that were replaced"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, report := flatFleet(), evidence.New(0, "")
			tt.change(w)
			checkGrowth(report, w, work{jobs: map[int]int{0: 100}, seconds: 900})
			failed := report.Failed()
			if len(failed) != len(tt.fail) {
				t.Fatalf("got %v, want %v", failed, tt.fail)
			}
			for i, c := range failed {
				if !strings.HasPrefix(c.Name, tt.fail[i]) {
					t.Errorf("got %v, want %s", c, tt.fail[i])
				}
			}
		})
	}
}

func TestSlopesReported(t *testing.T) {
	t.Parallel()
	w, report := flatFleet(), evidence.New(0, "")
	w.replace(kindWorker, seen(kindWorker, 0, 1, 1<<10, 0))
	checkGrowth(report, w, work{jobs: map[int]int{0: 450}, seconds: 900})
	want := map[string]float64{"KB/h": 720, "KB/100 jobs": 40}
	for _, f := range report.Figures {
		if f.Name == "memory, slope" && f.Params["of"] == kindWorker {
			if !near(f.Value, want[f.Unit]) {
				t.Errorf("got %v %s, want %v", f.Value, f.Unit, want[f.Unit])
			}
			delete(want, f.Unit)
		}
	}
	if len(want) != 0 {
		t.Errorf("not reported: %v", want)
	}
}
