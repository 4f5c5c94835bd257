package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"postfleet/internal/logging"
	"postfleet/internal/progress/fileledger"
	"postfleet/orchestrator"
)

const (
	// logName is the orchestrator's own log in the log directory.
	logName = "orchestrator.log"
	// followEvery is how often the ledger is looked at.
	followEvery = time.Second
	barWidth    = 30
)

// view is how a run is shown: the log, and on a terminal a progress bar below it.
type view struct {
	logger *slog.Logger
	file   io.WriteCloser
	// screen is nil where no person looks.
	screen *screen
}

func (a *app) openView(logDir string, total int) (*view, error) {
	v := &view{file: logging.File(filepath.Join(logDir, logName))}
	if _, err := v.file.Write(nil); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	out := a.stderr
	if isTerminal(out) {
		v.screen = newScreen(out, total)
		out = v.screen
	}
	v.logger = logging.Tee(logging.Terminal(out, slog.LevelInfo), logging.JSON(v.file, slog.LevelInfo))
	return v, nil
}

func (v *view) close() error { return v.file.Close() }

// follow shows what the ledger says until the caller calls stop, which waits
// for the showing to end.
func (v *view) follow(ctx context.Context, ledger keptLedger) (stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		v.watch(ctx, ledger)
	}()
	return func() {
		cancel(nil)
		<-done
		if v.screen != nil {
			v.screen.end()
		}
	}
}

func (v *view) watch(ctx context.Context, ledger keptLedger) {
	again := time.NewTicker(followEvery)
	defer again.Stop()
	c := counter{ledger: ledger}
	for {
		// A ledger that cannot be read is the orchestrator's to report.
		if changed, err := c.count(ctx); err == nil {
			v.show(c.counts, changed)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

// counter counts a ledger's rows again and again.
type counter struct {
	ledger  keptLedger
	version fileledger.Version
	counts  orchestrator.Counts
	// counted: counts are those of version.
	counted bool
}

// count reports whether the counts have changed. It reads the rows only when
// they are others than before: there may be a million of them.
func (c *counter) count(ctx context.Context) (changed bool, err error) {
	version, err := c.ledger.Version(ctx)
	if err != nil || c.counted && version == c.version {
		return false, err
	}
	rows, err := c.ledger.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	before := c.counts
	// The rows may be newer than the version, which then differs the next time.
	c.version, c.counts, c.counted = version, orchestrator.Count(rows), true
	return c.counts != before, nil
}

func (v *view) show(c orchestrator.Counts, changed bool) {
	if v.screen != nil {
		v.screen.set(c)
		return
	}
	if changed {
		v.logger.Info("progress", slog.Any(keyJobs, c))
	}
}

// screen is a terminal with a progress bar at the bottom. Lines written to it
// appear above the bar.
type screen struct {
	mu  sync.Mutex
	out io.Writer
	bar *progressbar.ProgressBar
}

func newScreen(out io.Writer, total int) *screen {
	return &screen{out: out, bar: progressbar.NewOptions(total,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
	)}
}

// Fd makes the logging package see the terminal behind the screen.
func (s *screen) Fd() uintptr {
	if f, ok := s.out.(interface{ Fd() uintptr }); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}

// Write implements io.Writer.
func (s *screen) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clearErr := s.bar.Clear()
	n, err := s.out.Write(line)
	return n, errors.Join(clearErr, err)
}

// set draws the bar anew. What the terminal answers to that changes nothing.
func (s *screen) set(c orchestrator.Counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bar.ChangeMax(max(1, c.Total))
	s.bar.Describe(fmt.Sprintf("%d running, %d failed", c.Claimed, c.Fail))
	_ = s.bar.Set(c.Total - c.Open())
}

func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.bar.Clear()
}
