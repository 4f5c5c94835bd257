package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strconv"

	"postfleet/internal/claude"
	"postfleet/internal/claude/budget"
	"postfleet/internal/claude/price"
	"postfleet/internal/fault"
	"postfleet/internal/guide"
	"postfleet/workerimage"
)

// modeModelFirst is fleet.yaml's navigator.mode in which the recipe finds
// nothing by itself but what must not be got wrong.
const modeModelFirst = "claude"

// openGuide opens what the worker has beside its recipe.
func (a *app) openGuide(s workerimage.Settings, logger *slog.Logger) (*guide.Guide, error) {
	key, err := os.ReadFile(filepath.Join(a.places.secrets, workerimage.SecretAnthropicKey))
	if err != nil {
		return nil, fault.Errorf(fault.Input, "read secret: %w", err)
	}
	c := s.Claude
	return guide.Open(guide.Config{
		DataDir: a.places.data, Worker: strconv.Itoa(s.WorkerID), Fleet: s.Fleet,
		Key: claude.Key(key), BaseURL: c.BaseURL, Model: c.Model,
		Job:             budget.ForJob(c.MaxCallsPerJob, price.USD(c.MaxCostUSDPerJob)),
		Run:             budget.ForRun(price.USD(c.MaxCostUSDPerRun)),
		IgnoreSelectors: c.Mode == modeModelFirst,
	}, logger)
}
