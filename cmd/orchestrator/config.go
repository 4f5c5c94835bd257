package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check or show what fleet.yaml, the environment and the flags come to",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.started = false // a command is missing
			return fmt.Errorf("name one of its commands: check or show; see '%s --help'", cmd.CommandPath())
		},
	}
	cmd.AddCommand(a.configCheckCommand(), a.configShowCommand())
	return cmd
}

func (a *app) configCheckCommand() *cobra.Command {
	var flags configFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Print every problem at once, or ok",
		Args:  cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			resolved, plan, err := a.loadPlan(cmd, flags)
			if err != nil {
				return err
			}
			for _, note := range resolved.Ignored() {
				say(a.stderr, "orchestrator: warning: %s\n", note)
			}
			say(a.stdout, "ok: fleet %s, %d workers\n", plan.Fleet, len(plan.Slots))
			return nil
		}),
	}
	flags.addPlan(cmd)
	return cmd
}

func (a *app) configShowCommand() *cobra.Command {
	var flags configFlags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the resolved configuration, without secrets, and the plan with its ports",
		Args:  cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			resolved, plan, err := a.loadPlan(cmd, flags)
			if err != nil {
				return err
			}
			text, err := resolved.YAML()
			if err != nil {
				return err
			}
			say(a.stdout, "%s", text)
			return printPlan(a.stdout, plan)
		}),
	}
	flags.addPlan(cmd)
	return cmd
}

// loadPlan loads the configuration and works out a plan to be looked at.
func (a *app) loadPlan(cmd *cobra.Command, f configFlags) (config.Resolved, orchestrator.Plan, error) {
	resolved, err := loadFleet(a.options(cmd, f))
	if err != nil {
		return config.Resolved{}, orchestrator.Plan{}, err
	}
	plan, err := planOf(cmd.Context(), resolved, userOf(resolved.Derived.DataDir), nil, samePath)
	return resolved, plan, err
}

// phoneOf is where a device's phone is, as far as that is known beforehand.
func phoneOf(d workerimage.Device) string {
	if d.CloudPhone != "" {
		return config.KindGeelark + "://" + d.CloudPhone
	}
	return d.Address
}

// printPlan prints the port table as YAML comments, so that the whole output
// still is a fleet.yaml.
func printPlan(out io.Writer, plan orchestrator.Plan) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	say(table, "WORKER\tDEVICE\tPHONE\tAPPIUM\tSYSTEM\tMJPEG\tCHROMEDRIVER\tBLOCK\tACCOUNTS\n")
	for _, s := range plan.Slots {
		accounts := "any that no device lists"
		if len(s.Device.Accounts) > 0 {
			accounts = strings.Join(s.Device.Accounts, " ")
		}
		say(table, "%d\t%s\t%s\t%d\t%d\t%d\t%d\t%d-%d\t%s\n", s.ID, s.Device.Name, phoneOf(s.Device),
			s.AppiumPort, s.SystemPort, s.MJPEGPort, s.ChromedriverPort, s.SystemPorts[0], s.SystemPorts[1], accounts)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the plan: %w", err)
	}
	say(out, "\n# The plan:\n")
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(out, "# "+line); err != nil {
			return fmt.Errorf("print the plan: %w", err)
		}
	}
	return nil
}
