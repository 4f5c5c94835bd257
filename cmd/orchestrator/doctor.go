package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/dockerengine"
	"postfleet/internal/doctor"
	"postfleet/internal/jobs"
	"postfleet/internal/progress/filelock"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// examined is what doctor asks of a container engine.
type examined interface {
	engine
	About(ctx context.Context) (dockerengine.About, error)
	Networks(ctx context.Context, fleet string) ([]string, error)
	Try(ctx context.Context, spec workerimage.Container) (orchestrator.Exit, string, error)
}

// The checks whose failure is exit code 2.
const (
	checkConfig = "config"
	checkRecipe = "recipe"
	checkJobs   = jobsFile
)

func (a *app) doctorCommand() *cobra.Command {
	var flags configFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check everything that a launch needs, and say what mends what is wrong",
		Long: "Check everything that a launch needs, and say what mends what is wrong: one line for\n" +
			"each finding. All checks are made, but for those that another one's failure prevents.\n" +
			"Nothing is changed; a few short-lived containers look at the data directory.\n\n" +
			"Exit codes: 0 nothing fails (warnings may be), 2 the configuration, the recipe or\n" +
			"jobs.csv is wrong, 1 anything else is.",
		Args: cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			c := &checkup{app: a, opts: a.options(cmd, flags)}
			c.place, c.placeErr = a.loadPlace(cmd, flags)
			return c.run(cmd.Context(), asJSON)
		}),
	}
	flags.addPlan(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return cmd
}

// checkup is one run of doctor.
type checkup struct {
	doctor.Report
	app  *app
	opts config.Options

	// place is what says which fleet is meant; placeErr is why it does not.
	place    config.Resolved
	placeErr error
	// resolved is all of the configuration, if it is good.
	resolved *config.Resolved
	// dataDir is "" when there is none to look at.
	dataDir string
	// running: an orchestrator holds the data directory.
	running bool
	input   *jobs.Input
}

func (c *checkup) run(ctx context.Context, asJSON bool) error {
	c.checkConfig()
	c.checkClock()
	c.checkData(ctx)
	c.checkEngine(ctx)
	c.checkDevices(ctx)
	c.checkCloudPhones(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	write := c.WriteText
	if asJSON {
		write = c.WriteJSON
	}
	if err := write(c.app.stdout); err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	switch {
	case c.Failed(checkConfig, checkRecipe, checkJobs):
		return exitStatus(workerimage.ExitUsage)
	case c.Count(doctor.Fail) > 0:
		return exitStatus(workerimage.ExitError)
	default:
		return nil
	}
}

// isHeld reports whether an orchestrator holds the data directory.
func isHeld(dataDir string) (bool, error) {
	free, err := filelock.Free(filepath.Join(dataDir, orchestrator.LockFile))
	if err != nil {
		return false, fmt.Errorf("ask for the lock of an orchestrator: %w", err)
	}
	return !free, nil
}
