package worker_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/worker"
)

// TestMain puts the ledgers where a flush costs nothing.
func TestMain(m *testing.M) {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		if err := os.Setenv("TMPDIR", shm); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

// bench is a data directory with a real ledger, and fakes for all that needs a
// phone. Its worker is made by worker.
type bench struct {
	t      *testing.T
	dir    string
	ledger *fileledger.Ledger
	cfg    worker.Config
	adb    *server
	appium *server
	device *phone
	poster *poster
	logs   *logBuffer

	mu     sync.Mutex
	events []string
}

// newBench seeds one job for each account.
func newBench(t *testing.T, accounts ...string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), logs: &logBuffer{}}
	if err := os.Mkdir(filepath.Join(b.dir, "media"), 0o755); err != nil {
		t.Fatal(err)
	}
	var all []jobs.PostJob
	for i, a := range accounts {
		video := fmt.Sprintf("v%d.mp4", i+1)
		if err := os.WriteFile(filepath.Join(b.dir, "media", video), []byte("video "+a+video), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, jobs.PostJob{ID: i + 1, Account: a, Video: video, Caption: "caption " + strconv.Itoa(i+1)})
	}
	ledger, err := fileledger.Open(b.dir, fileledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	if _, err := ledger.Seed(t.Context(), all, nil); err != nil {
		t.Fatal(err)
	}
	b.ledger = ledger
	b.adb, b.appium = &server{bench: b, name: "adb"}, &server{bench: b, name: "appium"}
	b.device, b.poster = &phone{bench: b}, &poster{bench: b}
	b.cfg = worker.Config{
		ID: "0", Device: "sim-0", DataDir: b.dir, MaxAttempts: 3, RetryDelay: time.Minute,
		JobTimeout: 10 * time.Minute, DrainTimeout: 20 * time.Minute,
	}
	return b
}

func (b *bench) note(event string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, event)
}

// happened may be asked while the worker runs.
func (b *bench) happened(event string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Contains(b.events, event)
}

func (b *bench) parts() worker.Parts {
	return worker.Parts{
		ADB: b.adb.start, Appium: b.appium.start, Device: b.device, Poster: b.poster, Ledger: b.ledger,
	}
}

func (b *bench) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(b.logs, nil)).With(slog.String(logging.KeyWorker, b.cfg.ID))
}

func (b *bench) worker() *worker.Worker { return worker.New(b.cfg, b.parts(), b.logger()) }

// run lives a worker's whole life.
func (b *bench) run() error { return b.worker().Run(b.t.Context()) }

func (b *bench) rows() []progress.Row {
	b.t.Helper()
	rows, err := b.ledger.Snapshot(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

func (b *bench) statuses() []progress.Status {
	var all []progress.Status
	for _, r := range b.rows() {
		all = append(all, r.Status)
	}
	return all
}

// results are the rows of results.csv by column, without the header.
func (b *bench) results() []map[string]string {
	b.t.Helper()
	f, err := os.Open(filepath.Join(b.dir, "results.csv"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		b.t.Fatal(err)
	}
	var rows []map[string]string
	for _, l := range lines[1:] {
		row := make(map[string]string)
		for i, name := range lines[0] {
			row[name] = l[i]
		}
		rows = append(rows, row)
	}
	return rows
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantClass(t *testing.T, err error, class fault.Class) {
	t.Helper()
	if err == nil || !fault.Is(err, class) {
		t.Fatalf("got %v (class %v), want class %v", err, fault.Of(err), class)
	}
}
