package testbed

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// Fleet is a data directory and what runs on it.
type Fleet struct {
	// Name is the fleet's, Dir its data directory.
	Name, Dir string
	// Program is the orchestrator.
	Program string
	Workers int
	Engine  *Engine
	// Env is added to what the orchestrator inherits.
	Env []string
}

// WriteJobs writes jobs.csv and the media: n jobs of so many accounts, no two
// of them with the same caption, nor an account's with the same video.
func (f *Fleet) WriteJobs(seed uint64, n, accounts int) error {
	media := filepath.Join(f.Dir, "media")
	if err := os.MkdirAll(media, 0o755); err != nil {
		return fmt.Errorf("write jobs: %w", err)
	}
	const stream, videoBytes = 11, 2 << 10
	rng := rand.New(rand.NewPCG(seed, stream))
	records := [][]string{{"account_name", "video_path", "caption"}}
	for i := range n {
		video := make([]byte, 0, videoBytes)
		for len(video) < videoBytes {
			video = append(video, byte(rng.Uint32()))
		}
		name := fmt.Sprintf("reel-%03d.mp4", i)
		if err := os.WriteFile(filepath.Join(media, name), video, 0o644); err != nil { //nolint:gosec // workers read it
			return fmt.Errorf("write jobs: %w", err)
		}
		records = append(records, []string{
			"acct_" + strconv.Itoa(i%accounts), name, fmt.Sprintf("Caption %d of seed %d, \"quoted\" 🎬", i, seed),
		})
	}
	out, err := os.Create(filepath.Join(f.Dir, "jobs.csv"))
	if err != nil {
		return fmt.Errorf("write jobs: %w", err)
	}
	if err := errors.Join(csv.NewWriter(out).WriteAll(records), out.Close()); err != nil {
		return fmt.Errorf("write jobs: %w", err)
	}
	return nil
}

// Rows reads the ledger as any other reader does.
func (f *Fleet) Rows(ctx context.Context) ([]progress.Row, error) {
	ledger, err := fileledger.Open(f.Dir, fileledger.Options{})
	if err != nil {
		return nil, err
	}
	rows, err := ledger.Snapshot(ctx)
	return rows, errors.Join(err, ledger.Close())
}

// Worker is the name of the n-th worker's container.
func (f *Fleet) Worker(n int) string { return f.Name + "-worker-" + strconv.Itoa(n) }

// Running returns the full ids of the fleet's containers that run, by name.
func (f *Fleet) Running(ctx context.Context) (map[string]string, error) {
	out, err := f.Engine.Docker(ctx, "ps", "--no-trunc", "--filter", "label=postfleet.fleet="+f.Name,
		"--format", "{{.Names}} {{.ID}}")
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for line := range strings.Lines(out) {
		if name, id, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			ids[name] = id
		}
	}
	return ids, nil
}

// Left counts the fleet's containers and networks in the engine.
func (f *Fleet) Left(ctx context.Context) (containers, networks int, err error) {
	filter := "label=postfleet.fleet=" + f.Name
	for _, ask := range []struct {
		count *int
		args  []string
	}{
		{&containers, []string{"ps", "--all", "--quiet", "--filter", filter}},
		{&networks, []string{"network", "ls", "--quiet", "--filter", filter}},
	} {
		out, err := f.Engine.Docker(ctx, ask.args...)
		if err != nil {
			return 0, 0, err
		}
		*ask.count = words(out)
	}
	return containers, networks, nil
}

// Launch is one run of the orchestrator.
type Launch struct {
	cmd   *exec.Cmd
	ended chan struct{}
	err   error
}

// Launch starts the orchestrator with simulated phones. What it says is added to
// launch.log beside the data directory. The caller waits for its Done.
func (f *Fleet) Launch(ctx context.Context) (*Launch, error) {
	log, err := os.OpenFile(f.Dir+"-launch.log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	defer func() { _ = log.Close() }()                                 // the program has its own
	cmd := exec.CommandContext(ctx, f.Program, "launch", "--simulate", //nolint:gosec // the program under test
		"--workers", strconv.Itoa(f.Workers), "--data-dir", f.Dir)
	cmd.Env = append(os.Environ(), "DOCKER_HOST="+f.Engine.Host(), "POSTFLEET_FLEET="+f.Name)
	cmd.Env = append(cmd.Env, f.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	l := &Launch{cmd: cmd, ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		l.err = cmd.Wait()
	}()
	return l, nil
}

// Done is closed when the orchestrator has ended.
func (l *Launch) Done() <-chan struct{} { return l.ended }

// PID is the orchestrator's.
func (l *Launch) PID() int { return l.cmd.Process.Pid }

// Drain asks it, with SIGTERM, to end: the workers finish what they do.
func (l *Launch) Drain() error { return l.cmd.Process.Signal(syscall.SIGTERM) }

// Kill ends it with SIGKILL and returns when it has ended.
func (l *Launch) Kill() {
	_ = l.cmd.Process.Signal(syscall.SIGKILL)
	<-l.ended
}

// ExitCode is -1 for one that was killed. Call it after Done is closed.
func (l *Launch) ExitCode() int {
	if exit, ok := errors.AsType[*exec.ExitError](l.err); ok {
		return exit.ExitCode()
	}
	if l.err != nil {
		return -1
	}
	return 0
}
