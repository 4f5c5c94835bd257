package guide

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"postfleet/internal/claude"
	"postfleet/internal/claude/budget"
	"postfleet/internal/learned"
	"postfleet/internal/logging"
	"postfleet/internal/navigator"
)

// Config says whose guide it is.
type Config struct {
	// DataDir holds what workers share: what was learned, and what was spent.
	DataDir string
	// Worker is the worker's id, no two of which live at a time, and Fleet is kept
	// beside what it learns.
	Worker, Fleet string
	// Key, BaseURL and Model are the client's, see claude.Config.
	Key     claude.Key
	BaseURL string
	Model   string
	// Job bounds what is asked for one job, over all attempts at it; Run what is
	// asked by all workers.
	Job, Run budget.Limit
	// IgnoreSelectors is navigator.Help's.
	IgnoreSelectors bool
}

// Phone is what is asked of the phone for the model. Both calls block until the
// phone has answered or ctx ends.
type Phone interface {
	// Version returns the version of the app whose id is app.
	Version(ctx context.Context, app string) (string, error)
	// Screenshot returns the screen as PNG.
	Screenshot(ctx context.Context) ([]byte, error)
}

// Guide is safe for concurrent use, but has one job at a time.
type Guide struct {
	ignoreSelectors bool
	book            *learned.Book
	client          *claude.Client
	budget          *budget.Budget
}

// Open returns a worker's guide. Nothing is sent, and no file is opened yet.
// Errors are of class fault.Input and say the mend. Close it.
func Open(cfg Config, logger *slog.Logger) (*Guide, error) {
	if logger == nil {
		logger = logging.Discard()
	}
	spending := budget.New(budget.Config{
		Path: filepath.Join(cfg.DataDir, budget.FileName), Job: cfg.Job, Run: cfg.Run,
	})
	client, err := claude.New(claude.Config{
		Key: cfg.Key, BaseURL: cfg.BaseURL, Model: cfg.Model, Budget: spending,
	}, logger)
	if err != nil {
		return nil, errors.Join(err, spending.Close())
	}
	return &Guide{
		ignoreSelectors: cfg.IgnoreSelectors, client: client, budget: spending,
		book: learned.New(learned.Config{
			Path: filepath.Join(cfg.DataDir, learned.FileName), Worker: cfg.Worker, Run: cfg.Fleet,
		}, logger),
	}, nil
}

// Help is the guide as a navigator asks it, about app on phone.
func (g *Guide) Help(phone Phone, app string) navigator.Help {
	return navigator.Help{
		Memory: navigator.Learned(g.book), Model: model{g.client}, IgnoreSelectors: g.ignoreSelectors,
		VersionFunc: func(ctx context.Context) (string, error) { return phone.Version(ctx, app) },
		PictureFunc: phone.Screenshot,
	}
}

// Begin begins an attempt at a job: what is asked from now on is of its budget.
func (g *Guide) Begin(job string) { g.client.Begin(job) }

// Used is what was asked since Begin: requests that left, and what they cost in
// dollars.
func (g *Guide) Used() (calls int, usd float64) {
	used := g.client.Used()
	return used.Calls, used.Cost.USD()
}

// Close writes what was kept back and closes what is open. No walk may be under
// way.
func (g *Guide) Close() error {
	g.client.Close()
	if err := errors.Join(g.book.Close(), g.budget.Close()); err != nil {
		return fmt.Errorf("close the guide: %w", err)
	}
	return nil
}
