package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"postfleet/internal/fault"
	"postfleet/internal/geelark/custody"
	"postfleet/internal/logging"
)

func (a *app) phonesStopCommand() *cobra.Command {
	var flags configFlags
	var all bool
	cmd := &cobra.Command{
		Use:   "stop [NAME…|--all]",
		Short: "Stop cloud phones that this fleet has started and left on",
		Long: "Stop cloud phones that this fleet has started and left on, by name or id, or all of them,\n" +
			"and wait until they are off. One that a living worker holds is left alone: 'orchestrator\n" +
			"stop' ends the worker, and its phone with it. Phones that others use are never stopped.",
		RunE: a.untilSignal(func(cmd *cobra.Command, names []string) error {
			if all == (len(names) > 0) {
				a.started = false
				return errors.New("name phones, or give --all; 'orchestrator phones list' shows them")
			}
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			if err := requireDataDir(place); err != nil {
				return err
			}
			logger := slog.New(logging.Terminal(a.stderr, slog.LevelWarn))
			came, err := cloudPhones{place: place, logger: logger}.stop(cmd.Context(), names...)
			return errors.Join(unknownPhones(names, came), a.tellPhones(came), err)
		}),
	}
	flags.addPlace(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "stop all that 'phones list' shows")
	return cmd
}

// unknownPhones says which names are in no book.
func unknownPhones(names []string, came []custody.Outcome) error {
	var unknown []error
	for _, name := range names {
		known := slices.ContainsFunc(came, func(o custody.Outcome) bool { return o.Name == name || o.ID == name })
		if !known {
			unknown = append(unknown, fault.Errorf(fault.Input,
				"%s: this fleet has not started it, or has seen it stop: see 'orchestrator phones list'", name))
		}
	}
	return errors.Join(unknown...)
}

// tellPhones prints what came of each phone. Its error names those that are on.
func (a *app) tellPhones(came []custody.Outcome) error {
	var left []error
	for _, o := range came {
		switch {
		case o.Held:
			left = append(left, fmt.Errorf("%s: worker %d holds it: 'orchestrator stop' ends them", o.Name, o.Worker))
		case o.Err != nil:
			left = append(left, fmt.Errorf("%s: %w", o.Name, o.Err))
		default:
			say(a.stdout, "%s is off\n", o.Name)
		}
	}
	if len(came) == 0 {
		say(a.stdout, "no cloud phone was stopped\n")
	}
	return errors.Join(left...)
}
