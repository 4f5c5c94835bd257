package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"postfleet/internal/claude/budget"
	"postfleet/internal/config"
)

// beginModelBudget lets this run begin with all that it may spend on the model.
func beginModelBudget(ctx context.Context, r config.Resolved) error {
	if !r.Navigator.AsksModel() {
		return nil
	}
	b := budget.New(budget.Config{Path: filepath.Join(r.Derived.DataDir, budget.FileName)})
	if err := errors.Join(b.Begin(ctx), b.Close()); err != nil {
		return fmt.Errorf("begin the model's budget: %w", err)
	}
	return nil
}
