package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) phonesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "phones",
		Short: "Look at the cloud phones that this fleet has started, or stop what was left on",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.started = false // a command is missing
			return fmt.Errorf("name one of its commands: list or stop; see '%s --help'", cmd.CommandPath())
		},
	}
	cmd.AddCommand(a.phonesListCommand(), a.phonesStopCommand())
	return cmd
}
