package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"postfleet/internal/recipe"
)

func (a *app) recipeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "recipe",
		Short: "Check a recipe, try it, or look at what was learned beside it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.started = false // a command is missing
			return fmt.Errorf("name one of its commands: check, try or learned; see '%s --help'", cmd.CommandPath())
		},
	}
	cmd.AddCommand(a.recipeCheckCommand(), a.recipeTryCommand(), a.recipeLearnedCommand())
	return cmd
}

func (a *app) recipeCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE...",
		Short: "Print every problem of recipes with its line and its mend, or ok",
		Long: "Print every problem of recipes with its line and its mend, or ok. A recipe that is part\n" +
			"of the program is named as in the configuration: builtin:instagram-reel.\n\n" +
			"Exit codes: 0 all are good, 2 one is not.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, names []string) error {
			var errs []error
			for _, name := range names {
				r, err := recipe.Load(name)
				if err != nil {
					errs = append(errs, err)
					continue
				}
				say(a.stdout, "ok: %s drives %s\n", name, r.AppID())
			}
			return errors.Join(errs...)
		},
	}
}
