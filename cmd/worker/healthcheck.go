package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/worker"
)

// healthTimeout is just under the container's own limit for its health check.
const healthTimeout = 4500 * time.Millisecond

func (a *app) healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the worker of this container whether it, Appium and adb are well",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), healthTimeout)
			defer cancel()
			health, err := worker.Ask(ctx, a.places.healthSocket())
			if err != nil {
				return err
			}
			if len(health.Problems) > 0 {
				return errors.New(strings.Join(health.Problems, "; "))
			}
			return nil
		},
	}
}
