package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"postfleet/orchestrator"
	"postfleet/orchestrator/enginetest"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == lockProbeName { // the test binary is also the program
		a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
		if code := a.run(context.Background(), os.Args[1:]); code != 0 {
			panic(exitStatus(code))
		}
		return
	}
	// The log file's rotation never ends its one goroutine, not even on Close.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun"))
}

// lastPort spaces the Appium ports of tests that run side by side.
var lastPort atomic.Int32

// world is an app in a directory of its own, on an engine in memory.
type world struct {
	t       *testing.T
	dir     string
	app     *app
	engine  *enginetest.Fake
	signals chan os.Signal
	exits   chan int
	// unreachable makes the engine answer nothing.
	unreachable atomic.Bool
	// probes counts the lock probes.
	probes   atomic.Int32
	out, err buffer
}

// testEngine gives the fake what a command asks besides.
type testEngine struct{ *enginetest.Fake }

func (testEngine) HostPath(_ context.Context, path string) (string, error) { return path, nil }
func (testEngine) Close() error                                            { return nil }

func (e testEngine) Image(_ context.Context, ref string) (string, error) {
	if !slices.Contains(e.Images, ref) {
		return "", fmt.Errorf("%w: %s", orchestrator.ErrNoImage, ref)
	}
	return ref, nil
}

// newWorld has jobs.csv, if it is not empty, one video, and a fleet.yaml of two
// devices.
func newWorld(t *testing.T, jobsCSV string) *world {
	t.Helper()
	w := &world{
		t: t, dir: t.TempDir(), signals: make(chan os.Signal, signalBacklog), exits: make(chan int, 1),
		engine: &enginetest.Fake{Images: []string{"postfleet-worker:dev"}, Run: postingWorker},
	}
	w.engine.Fail = func(string, string) error {
		if w.unreachable.Load() {
			return orchestrator.ErrUnreachable
		}
		return nil
	}
	t.Cleanup(w.engine.Close)
	w.app = &app{
		stdout: &w.out, stderr: &w.err, signals: w.signals, exit: func(code int) { w.exits <- code },
		newEngine:  func() (engine, error) { return testEngine{w.engine}, nil },
		openLedger: openFileLedger,
		probeLocks: func(context.Context, string) error {
			w.probes.Add(1)
			return nil
		},
	}
	w.write("fleet.yaml", "fleet: test\nbase_appium_port: "+strconv.Itoa(int(20000+lastPort.Add(20)))+`
devices:
  - {name: lab-1, connect: "tcp://192.0.2.7:5555"}
  - {name: lab-2, connect: "tcp://192.0.2.8:5555"}
`)
	w.write("data/media/a.mp4", "video a")
	if jobsCSV != "" {
		w.write("data/jobs.csv", jobsCSV)
	}
	return w
}

const twoJobs = "account_name,video_path,caption\nshop_a,a.mp4,one\nshop_b,a.mp4,two\n"

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Dir(w.path(name)), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(w.path(name), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(name string) string {
	w.t.Helper()
	b, err := os.ReadFile(w.path(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// run runs a command on the world's fleet and data directory.
func (w *world) run(args ...string) int {
	w.t.Helper()
	w.out.reset()
	w.err.reset()
	args = append(args, "--config", w.path("fleet.yaml"), "--data-dir", w.path("data"))
	return w.app.run(w.t.Context(), args)
}

// must is run for commands that have to succeed.
func (w *world) must(args ...string) {
	w.t.Helper()
	if code := w.run(args...); code != 0 {
		w.t.Fatalf("%v: got exit code %d, want 0\n%s%s", args, code, w.out.String(), w.err.String())
	}
}

// tree returns every file below the world's directory with its content, but for
// the lock files, which hold nothing and stay.
func (w *world) tree() map[string]string {
	w.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasSuffix(path, ".lock") {
			return err
		}
		name, _ := filepath.Rel(w.dir, path)
		if d.IsDir() {
			files[name] = "a folder"
			return nil
		}
		b, err := os.ReadFile(path)
		files[name] = string(b)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

// buffer is written by commands while tests read it.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (b *buffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b.Reset()
}

func (w *world) mustHold(what, text string, want ...string) {
	w.t.Helper()
	for _, part := range want {
		if !strings.Contains(text, part) {
			w.t.Errorf("%s: got\n%s\nwant it to hold %q", what, text, part)
		}
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
