package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/progress/guard"
)

const lockProbeName = "lockprobe"

// lockProbeCommand is the second process of probeLocks, and no use to people.
func (a *app) lockProbeCommand() *cobra.Command {
	return &cobra.Command{
		Use:    lockProbeName + " FILE",
		Short:  "Try the lock on a file, for another process that has it",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return guard.Peer(args[0], cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
}

// probeLocks probes the file locks of the data directory, with this program as
// the second process, delay after the first one's open.
func probeLocks(ctx context.Context, dataDir string, delay time.Duration) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program for the lock probe: %w", err)
	}
	return guard.Probe(ctx, dataDir, guard.ProbeOptions{
		Delay: delay, Patience: guard.ProbePatience,
		CommandFunc: func(ctx context.Context, path string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, self, lockProbeName, path)
			cmd.Env = []string{} // it needs none, and secrets may be in it
			// A group of its own: a terminal's signals are for this process to act on.
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			return cmd
		},
	})
}
