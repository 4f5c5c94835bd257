package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/worker"
	"postfleet/workerimage"
)

func TestNextStep(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		signals []os.Signal
		want    []int
	}{
		{[]os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGTERM}, []int{stepDrain, stepCancel, stepExit}},
		{[]os.Signal{syscall.SIGQUIT, syscall.SIGTERM}, []int{stepCancel, stepExit}},
		{[]os.Signal{syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGQUIT}, []int{stepDrain, stepCancel, stepExit}},
	} {
		step := 0
		for i, s := range tt.signals {
			if step = nextStep(step, s); step != tt.want[i] {
				t.Errorf("%v: got step %d at %d, want %d", tt.signals, step, i, tt.want[i])
			}
		}
	}
}

// quiet is a worker's parts that do nothing, with a job that lasts until it is
// cancelled or, when posting, until the test ends it.
type quiet struct {
	posting bool
	release chan struct{}
}

type process struct {
	once sync.Once
	done chan struct{}
}

func (p *process) Done() <-chan struct{} { return p.done }
func (p *process) Err() error            { return nil }
func (p *process) Stop(context.Context) error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func startProcess(context.Context) (worker.Server, error) {
	return &process{done: make(chan struct{})}, nil
}

func (q *quiet) Reach(context.Context) error   { return nil }
func (q *quiet) Connect(context.Context) error { return nil }
func (q *quiet) Close(context.Context) error   { return nil }

func (q *quiet) Run(ctx context.Context, a posting.Attempt) error {
	if q.posting {
		if err := a.Posting(ctx); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("interrupted: %w", ctx.Err())
	case <-q.release:
		return nil
	}
}

func (q *quiet) Verify(context.Context, posting.Attempt) (posting.Verdict, error) {
	return posting.VerdictUnknown, nil
}

func TestSignals(t *testing.T) {
	t.Parallel()
	term, quit := syscall.SIGTERM, syscall.SIGQUIT
	for _, tt := range []struct {
		name    string
		posting bool
		signals []os.Signal
		status  progress.Status
		exits   int
		says    []string
	}{
		{
			name: "one drains", signals: []os.Signal{term}, status: progress.StatusSuccess,
			says: []string{"the next signal cancels the job"},
		},
		{
			name: "two cancel", signals: []os.Signal{term, term}, status: progress.StatusPending,
			says: []string{"the next signal cancels the job", "the next signal exits at once"},
		},
		{
			name: "quit cancels", signals: []os.Signal{quit}, status: progress.StatusPending,
			says: []string{"job cancelled", "the next signal exits at once"},
		},
		{
			name: "two spare a posting job", posting: true, signals: []os.Signal{term, term},
			status: progress.StatusSuccess, says: []string{"goes on to its end"},
		},
		{
			name: "three exit", posting: true, signals: []os.Signal{term, term, term},
			status: progress.StatusSuccess, exits: 1, says: []string{"exit at once"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a, _ := newApp(t, "")
				signals := make(chan os.Signal)
				exits := 0
				a.signals, a.exit = signals, func(code int) {
					exits++
					if code != workerimage.ExitError {
						t.Errorf("got exit code %d", code)
					}
				}
				ledger := seedLedger(t, a.places.data)
				media := filepath.Join(a.places.data, "media")
				if err := os.Mkdir(media, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(media, "v.mp4"), []byte("v"), 0o600); err != nil {
					t.Fatal(err)
				}
				q := &quiet{posting: tt.posting, release: make(chan struct{})}
				var log strings.Builder
				logger := slog.New(slog.NewTextHandler(&log, nil))
				w := worker.New(
					worker.Config{ID: "0", Device: "d", DataDir: a.places.data, JobTimeout: time.Hour},
					worker.Parts{ADB: startProcess, Appium: startProcess, Device: q, Poster: q, Ledger: ledger}, nil,
				)
				stop := a.watchSignals(t.Context(), w, logger)
				ended := make(chan error, 1)
				go func() { ended <- w.Run(t.Context()) }()
				synctest.Wait()
				for _, s := range tt.signals {
					signals <- s
					synctest.Wait()
				}
				close(q.release)
				if err := <-ended; err != nil {
					t.Error(err)
				}
				stop()
				rows, err := ledger.Snapshot(t.Context())
				if err != nil || rows[0].Status != tt.status {
					t.Errorf("got %+v, %v, want %s", rows, err, tt.status)
				}
				if exits != tt.exits {
					t.Errorf("got %d exits, want %d", exits, tt.exits)
				}
				for _, want := range tt.says {
					if !strings.Contains(log.String(), want) {
						t.Errorf("got log %s, want %q in it", log.String(), want)
					}
				}
			})
		})
	}
}
