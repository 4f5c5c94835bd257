package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
			return verdict(cmd.OutOrStdout(), health)
		},
	}
}

// verdict writes a line for each part, which Docker keeps in the container's
// health log, and fails when one is not well.
func verdict(out io.Writer, h worker.Health) error {
	_, err := fmt.Fprintf(out, "%s, job %d, since %s\n", h.State, h.JobID, h.Since.UTC().Format(time.RFC3339))
	if err != nil {
		return err
	}
	for _, p := range h.Parts {
		if _, err := fmt.Fprintln(out, p); err != nil {
			return err
		}
	}
	if len(h.Problems) > 0 {
		return errors.New(strings.Join(h.Problems, "; "))
	}
	return nil
}
