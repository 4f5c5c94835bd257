package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"postfleet/internal/progress/guard"
	"postfleet/workerimage"
)

const sharedProbeName = "sharedprobe"

// trial is a container of doctor's.
type trial struct{ fleet, image, source, user string }

func (t *trial) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.fleet, "fleet", "", "the fleet")
	cmd.Flags().StringVar(&t.image, "image", "", "the container's image")
	cmd.Flags().StringVar(&t.source, "source", "", "the data directory on the engine's host")
	cmd.Flags().StringVar(&t.user, "user", "", "the container's uid:gid")
}

func (t *trial) args() []string {
	return []string{"--fleet=" + t.fleet, "--image=" + t.image, "--source=" + t.source, "--user=" + t.user}
}

// label is what containers of doctor's carry in the place of a fleet's name. No
// fleet can have it, so that no orchestrator takes them for strays of its own.
func (t *trial) label() string { return "doctor:" + t.fleet }

// container runs script, in which "$1" is the argument, beside the data
// directory and without a network.
func (t *trial) container(script, argument string) workerimage.Container {
	const memory, pids = 128 << 20, 64
	c := workerimage.Container{
		Name: t.fleet + "-doctor-" + strings.ToLower(rand.Text()[:8]), Image: t.image, User: t.user,
		Command: []string{"sh", "-c", script, "sh", argument}, Network: "none",
		Labels:      map[string]string{workerimage.LabelFleet: t.label()},
		MemoryBytes: memory, PIDs: pids,
	}
	if t.source != "" {
		c.Mounts = []workerimage.Mount{{Source: t.source, Target: workerimage.DataDir}}
	}
	return c
}

// sharedProbeCommand is the second process of probeShared, and no use to
// people: it has a container try the lock.
func (a *app) sharedProbeCommand() *cobra.Command {
	var t trial
	cmd := &cobra.Command{
		Use:    sharedProbeName + " FILE",
		Short:  "Have a container try the lock on a file, for another process that has it",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			eng, err := a.newExamined()
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, eng.Close()) }()
			return t.answer(cmd.Context(), eng, args[0], cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	t.flags(cmd)
	return cmd
}

// answer is guard.Peer with a container for each question.
func (t *trial) answer(ctx context.Context, eng examined, file string, in io.Reader, out io.Writer) error {
	const script = "echo | exec " + workerimage.OrchestratorProgram + " " + lockProbeName + ` "$1"`
	inside := path.Join(workerimage.DataDir, filepath.Base(file))
	questions := bufio.NewScanner(in)
	for questions.Scan() {
		exit, text, err := eng.Try(ctx, t.container(script, inside))
		if err != nil {
			return err
		}
		if exit.Code != 0 {
			return fmt.Errorf("the container ended with %d: %s", exit.Code, exit.Tail)
		}
		if _, err := io.WriteString(out, text); err != nil {
			return fmt.Errorf("answer the probe: %w", err)
		}
	}
	return questions.Err()
}

// probeShared probes the file locks of the data directory between this process
// and a container. args are the trial's.
func probeShared(ctx context.Context, dataDir string, args []string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program for the lock probe: %w", err)
	}
	return guard.Probe(ctx, dataDir, guard.ProbeOptions{
		Delay: guard.ProbeDelay, Patience: 2 * guard.ProbePatience,
		CommandFunc: func(ctx context.Context, file string) *exec.Cmd {
			all := append([]string{sharedProbeName}, args...)
			cmd := exec.CommandContext(ctx, self, append(all, file)...)
			cmd.Env = engineEnvironment(os.Environ())
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			return cmd
		},
	})
}

// engineEnvironment is what of the environment finds the engine. The rest may
// have secrets in it.
func engineEnvironment(all []string) []string {
	var kept []string
	for _, variable := range all {
		if strings.HasPrefix(variable, "DOCKER_") || strings.HasPrefix(variable, "XDG_RUNTIME_DIR=") {
			kept = append(kept, variable)
		}
	}
	return append(kept, "PATH="+os.Getenv("PATH"))
}
