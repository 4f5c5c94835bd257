package navigator

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/recipe"
)

// Screen is what a walk may do to a phone. Every call blocks until the phone
// has answered or ctx ends; errors carry a fault class.
type Screen interface {
	// Source returns what is on the screen as UiAutomator2's XML.
	Source(ctx context.Context) (string, error)
	// Tap touches a point, in pixels of the screen.
	Tap(ctx context.Context, x, y int) error
	// Swipe moves one finger from the first point to the second within d.
	Swipe(ctx context.Context, x1, y1, x2, y2 int, d time.Duration) error
	// Type replaces the text of the focused field.
	Type(ctx context.Context, text string) error
	// Back presses the phone's back key.
	Back(ctx context.Context) error
}

// What a zero field of Config stands for.
const (
	DefaultMaxSteps = 30
	DefaultPoll     = 200 * time.Millisecond
)

// MaxPoll is the longest pause between two looks at a screen.
const MaxPoll = 250 * time.Millisecond

// Config bounds a Navigator.
type Config struct {
	// MaxSteps is how many actions (taps, swipes, texts, guards included) one
	// Walk may take, which is also what ends a loop; 0 is DefaultMaxSteps.
	MaxSteps int
	// StepFunc, when set, is told of every step that ended, by the goroutine
	// that walks.
	StepFunc func(Taken)
	// Help is what there is for screens that the recipe does not know.
	Help Help
	// Poll is the time from one look at a screen that is not yet as expected to
	// the next, if a look takes less than half of it; 0 is DefaultPoll, and it is
	// at most MaxPoll.
	Poll time.Duration
}

// Navigator walks one recipe. It is safe for concurrent use; its walks are not.
type Navigator struct {
	recipe   *recipe.Recipe
	maxSteps int
	poll     time.Duration
	stepFunc func(Taken)
	help     Help
	logger   *slog.Logger
}

// Taken is a step that ended.
type Taken struct {
	Flow string
	Step *recipe.Step
	// Found is what it acted on, the zero Match where nothing was needed.
	Found recipe.Match
	// Skipped: there was no need for it.
	Skipped bool
	Took    time.Duration
	// Err is why it failed, nil if it did not.
	Err error
}

// New returns a Navigator for r. A nil logger discards.
func New(r *recipe.Recipe, cfg Config, logger *slog.Logger) *Navigator {
	if logger == nil {
		logger = logging.Discard()
	}
	if cfg.MaxSteps <= 0 {
		cfg.MaxSteps = DefaultMaxSteps
	}
	if cfg.Poll <= 0 {
		cfg.Poll = DefaultPoll
	}
	if cfg.StepFunc == nil {
		cfg.StepFunc = func(Taken) {}
	}
	return &Navigator{
		recipe: r, maxSteps: cfg.MaxSteps, poll: min(cfg.Poll, MaxPoll), stepFunc: cfg.StepFunc, help: cfg.Help,
		logger: logger,
	}
}

// With returns a Navigator of the same recipe that logs to logger, which a
// caller gives the attributes of the job.
func (n *Navigator) With(logger *slog.Logger) *Navigator {
	other := *n
	other.logger = logger
	return &other
}

// AppID is the Android package that the recipe drives.
func (n *Navigator) AppID() string { return n.recipe.AppID() }

// CommitFunc is called once the irreversible step's target was found on a
// fresh dump and immediately before it is tapped. An error means: do not tap.
type CommitFunc func(context.Context) error

// errNoCommit stops a read-only walk from publishing.
var errNoCommit = errors.New("navigator: this walk may not publish")

// Walk starts a walk on screen. slots are the job's values by slot name. With a
// nil commit the walk is read-only: it stops before the irreversible step.
func (n *Navigator) Walk(screen Screen, slots map[string]string, commit CommitFunc) *Walk {
	readOnly := commit == nil
	if readOnly {
		commit = func(context.Context) error { return errNoCommit }
	}
	return &Walk{
		nav: n, screen: screen, slots: maps.Clone(slots), commit: commit, readOnly: readOnly, met: map[string]int{},
		lore: newLore(n, slots),
	}
}
