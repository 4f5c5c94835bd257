package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
)

const (
	// engineStart bounds an engine's start. It has all containers to see to.
	engineStart = time.Minute
	enginePoll  = 100 * time.Millisecond
	// engineEnd bounds an engine's end. It waits for containers to stop.
	engineEnd = 3 * time.Minute
	// callTimeout bounds one call of a program that only asks, or changes one thing.
	callTimeout = time.Minute
	// loadTimeout bounds the copying of an image from one engine to another.
	loadTimeout = 5 * time.Minute
)

// Engine is a Docker engine of one's own: it may be killed and started again.
// It is not for use by several goroutines, but for Docker.
type Engine struct {
	// Dir holds all of it: images, sockets, log.
	Dir string
	// LiveRestore says whether containers outlive the engine.
	LiveRestore bool

	daemon *exec.Cmd
	ended  chan struct{}
}

// Host is the address that clients have in DOCKER_HOST.
func (e *Engine) Host() string { return "unix://" + filepath.Join(e.Dir, "docker.sock") }

// Start starts the daemon and returns when it answers. The log is added to
// engine.log in Dir.
func (e *Engine) Start(ctx context.Context) error {
	if err := os.MkdirAll(e.Dir, 0o700); err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	log, err := os.OpenFile(filepath.Join(e.Dir, "engine.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	defer func() { _ = log.Close() }()                                    // the daemon has its own
	e.daemon = exec.CommandContext(context.WithoutCancel(ctx), "dockerd", //nolint:gosec // our own arguments
		"--host", e.Host(), "--data-root", filepath.Join(e.Dir, "data"), "--exec-root", filepath.Join(e.Dir, "run"),
		"--pidfile", filepath.Join(e.Dir, "docker.pid"), "--live-restore="+strconv.FormatBool(e.LiveRestore))
	e.daemon.Stdout, e.daemon.Stderr = log, log
	if err := e.daemon.Start(); err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	e.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan<- struct{}) {
		defer close(ended)
		_ = cmd.Wait()
	}(e.daemon, e.ended)
	return e.answers(ctx)
}

// answers waits until the engine does.
func (e *Engine) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, engineStart)
	defer cancel()
	tick := time.NewTicker(enginePoll)
	defer tick.Stop()
	for {
		_, err := e.Docker(ctx, "version", "--format", "{{.Server.Version}}")
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-e.ended:
			return fmt.Errorf("start engine: it ended at once: see %s", filepath.Join(e.Dir, "engine.log"))
		case <-ctx.Done():
			return fmt.Errorf("start engine: %w: %w", context.Cause(ctx), err)
		}
	}
}

// End sends the daemon the signal and waits until it has ended. Containers
// live on or die, as LiveRestore and the signal have it. It does not heed the
// end of ctx: half an end is no use to anyone.
func (e *Engine) End(ctx context.Context, signal syscall.Signal) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), engineEnd)
	defer cancel()
	if err := e.daemon.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end engine: %w", err)
	}
	select {
	case <-e.ended:
		_ = os.Remove(filepath.Join(e.Dir, "docker.pid")) // one that was killed leaves it
		return nil
	case <-ctx.Done():
		return fmt.Errorf("end engine: %w", context.Cause(ctx))
	}
}

// Load copies an image from the engine at host, "" for the usual one.
func (e *Engine) Load(ctx context.Context, host, image string) error {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	save := exec.CommandContext(ctx, "docker", "save", image)
	if host != "" {
		save = exec.CommandContext(ctx, "docker", "--host", host, "save", image)
	}
	load := exec.CommandContext(ctx, "docker", "--host", e.Host(), "load", "--quiet") //nolint:gosec // our own socket
	var said strings.Builder
	save.Stderr, load.Stderr = &said, &said
	pipe, err := save.StdoutPipe()
	if err != nil {
		return fmt.Errorf("load image %s: %w", image, err)
	}
	load.Stdin = pipe
	if err := save.Start(); err != nil {
		return fmt.Errorf("load image %s: %w", image, err)
	}
	if err := errors.Join(load.Run(), save.Wait()); err != nil {
		return fmt.Errorf("load image %s: %w: %s", image, err, strings.TrimSpace(said.String()))
	}
	return nil
}

// Docker runs this engine's command-line client, as the function of that name.
func (e *Engine) Docker(ctx context.Context, args ...string) (string, error) {
	return Docker(ctx, append([]string{"--host", e.Host()}, args...)...)
}

// Remove deletes what the engine had on disk. It has ended before; what it
// forgot to unmount when it was killed is unmounted.
func (e *Engine) Remove() error {
	mounts, err := mountinfo.GetMounts(mountinfo.PrefixFilter(e.Dir))
	if err != nil {
		return fmt.Errorf("remove engine: %w", err)
	}
	for _, m := range slices.Backward(mounts) {
		err := unix.Unmount(m.Mountpoint, unix.MNT_DETACH)
		if err != nil && !errors.Is(err, unix.EINVAL) { // it went with one that it was in
			return fmt.Errorf("remove engine: unmount %s: %w", m.Mountpoint, err)
		}
	}
	if err := os.RemoveAll(e.Dir); err != nil {
		return fmt.Errorf("remove engine: %w", err)
	}
	return nil
}
