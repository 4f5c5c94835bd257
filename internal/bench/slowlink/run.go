package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"postfleet/internal/evidence"
)

const (
	container = "bench-slowlink"
	// askTimeout bounds one question to the engine's client, stopDelay the end of
	// the container when it was told to end.
	askTimeout = time.Minute
	stopDelay  = time.Minute
)

// run measures in a container, and writes the report.
func run(ctx context.Context, cfg config) error {
	version, err := docker(ctx, "version", "--format", "{{.Server.Version}}")
	if err != nil {
		return err
	}
	report := evidence.New(0, version)
	all, err := measureInContainer(ctx, cfg)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	put(report, cfg, all, err)
	if err := printTable(cfg, all); err != nil {
		return err
	}
	return report.Conclude(cfg.stdout, cfg.report)
}

// measureInContainer runs this program in a container of the workers' image.
func measureInContainer(ctx context.Context, cfg config) (all []figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	if err := remove(ctx); err != nil { // what an earlier run was killed over
		return nil, err
	}
	defer func() { err = errors.Join(err, remove(context.WithoutCancel(ctx))) }()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "docker", "run", "--rm", "--init", "--no-healthcheck", //nolint:gosec // our own
		"--name", container, "--network", "none", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
		"--volume", self+":/slowlink:ro", cfg.image, "/slowlink", "-inside",
		"-posts", strconv.Itoa(cfg.posts), "-video", strconv.Itoa(cfg.videoBytes),
		"-lean="+strconv.FormatBool(cfg.lean))
	cmd.Stdout, cmd.Stderr = &out, cfg.stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopDelay
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("measure in a container: %w", err)
	}
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		return nil, fmt.Errorf("read the figures: %w", err)
	}
	return all, nil
}

func remove(ctx context.Context) error {
	id, err := docker(ctx, "ps", "--all", "--quiet", "--filter", "name=^"+container+"$")
	if err != nil || id == "" {
		return err
	}
	_, err = docker(ctx, "rm", "--force", id)
	return err
}

// put adds what was measured, or why nothing was.
func put(report *evidence.Report, cfg config, all []figures, err error) {
	want, why := targets(), ""
	switch {
	case err != nil:
		why = err.Error()
	case cfg.posts < targetPosts:
		why = fmt.Sprintf("only %d posts were measured", cfg.posts)
	case cfg.lean:
		why = "the other client asked for a session with our capabilities"
	}
	wrong := 0
	for _, f := range all {
		for name, posts := range f.Clients {
			putClient(report, cfg, f, name)
			wrong += len(posts)
		}
		wrong -= f.Right
		params := map[string]any{"rtt_ms": f.RTT.Milliseconds()}
		report.Measure("our session's opening and closing, once for all jobs of a phone",
			(f.Opening.Took + f.Closing.Took).Seconds(), "s", params)
	}
	if err == nil {
		report.Check(want.right, float64(wrong))
	} else {
		report.CannotCheck(want.right, why)
	}
	i := slices.IndexFunc(all, func(f figures) bool { return f.RTT == targetRTT })
	if why == "" && i < 0 {
		why = "no link was measured that has 150 ms"
	}
	if why != "" {
		report.CannotCheck(want.share, why)
		return
	}
	report.Check(want.share, all[i].share())
}

func putClient(report *evidence.Report, cfg config, f figures, name string) {
	posts := f.Clients[name]
	params := map[string]any{
		"rtt_ms": f.RTT.Milliseconds(), "client": name, "posts": len(posts), "video_bytes": cfg.videoBytes,
		"lean_capabilities": name == clientOurs || cfg.lean,
	}
	report.Measure("WebDriver commands per post, median", commands(posts), "commands", params)
	report.Measure("wall time per post, median", took(posts).Seconds(), "s", params)
	report.Measure("wall time per post, mean, with all sessions", f.mean(name).Seconds(), "s", params)
	for _, post := range posts {
		report.Measure("wall time of a post", post.Took.Seconds(), "s", params)
	}
	last := posts[len(posts)-1]
	for kind, s := range last.Commands {
		report.Measure("last post, command: "+kind, s.Time.Seconds(), "s", with(params, "count", s.Count))
	}
	for kind, s := range last.Calls {
		report.Measure("last post, call: "+kind, s.Time.Seconds(), "s", with(params, "count", s.Count))
	}
}

func with(params map[string]any, name string, value any) map[string]any {
	all := map[string]any{name: value}
	maps.Copy(all, params)
	return all
}

// share is our median of the other's.
func (f figures) share() float64 {
	return took(f.Clients[clientOurs]).Seconds() / took(f.Clients[clientOther]).Seconds()
}

// mean is what a post takes when all that the sessions take is shared out.
func (f figures) mean(client string) time.Duration {
	posts := f.Clients[client]
	var sum time.Duration
	if client == clientOurs {
		sum = f.Opening.Took + f.Closing.Took
	}
	for _, p := range posts {
		sum += p.Took
	}
	return sum / time.Duration(len(posts))
}

func took(posts []measured) time.Duration {
	return time.Duration(median(posts, func(m measured) float64 { return float64(m.Took) }))
}

func commands(posts []measured) float64 {
	return median(posts, func(m measured) float64 { return float64(counted(m.Commands)) })
}

// median is the value in the middle, or between the two there; 0 of none.
func median(posts []measured, of func(measured) float64) float64 {
	if len(posts) == 0 {
		return 0
	}
	var all []float64
	for _, p := range posts {
		all = append(all, of(p))
	}
	slices.Sort(all)
	half := len(all) / 2
	return (all[half] + all[(len(all)-1)/2]) / 2
}

// printTable shows the figures, for people.
func printTable(cfg config, all []figures) error {
	w := tabwriter.NewWriter(cfg.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "RTT\tclient\tcommands\tmedian s\tmean s with sessions\tshare\t")
	for _, f := range all {
		for _, name := range []string{clientOurs, clientOther} {
			share := ""
			if name == clientOurs {
				share = fmt.Sprintf("%.2f", f.share())
			}
			posts := f.Clients[name]
			fmt.Fprintf(w, "%s\t%s\t%g\t%.2f\t%.2f\t%s\t\n",
				f.RTT, name, commands(posts), took(posts).Seconds(), f.mean(name).Seconds(), share)
		}
	}
	return w.Flush()
}

// docker asks the engine through its command-line client.
func docker(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, "docker", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("docker %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return strings.TrimSpace(string(out)), nil
}
