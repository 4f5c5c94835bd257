package guard

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/progress/filelock"
)

// What a launch gives its probe.
const (
	// ProbeDelay outlasts what a file system remembers of a name. Docker Desktop
	// for macOS gives two processes the same lock on a bind mount, but not while
	// the name is fresh, so that a quick test passes there.
	ProbeDelay = 2 * time.Second
	// ProbePatience is for the start of a process on a busy host.
	ProbePatience = 15 * time.Second
)

// probePrefix begins the names of probe files.
const probePrefix = ".progress.csv.probe-"

// ProbeOptions is how a probe is made.
type ProbeOptions struct {
	// CommandFunc returns the second process, not yet started: it runs Peer on
	// path with its standard input and output, and is killed when ctx ends.
	CommandFunc func(ctx context.Context, path string) *exec.Cmd
	// Delay is from the first process's open to the second's.
	Delay time.Duration
	// Patience is how long all the rest may take.
	Patience time.Duration
}

// Probe finds out whether a lock on a file of dir that one process holds keeps
// another out, whether that one gets it afterwards, and whether both see the
// same file. fault.Ledger when not, fault.Infra when it cannot be found out.
// It takes the options' Delay and a little more, and at most their Patience on
// top; it ends with ctx, having ended the second process.
//
// The caller is the only one who probes dir: what an earlier probe has left
// there is removed.
func Probe(ctx context.Context, dir string, opts ProbeOptions) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, opts.Delay+opts.Patience, errNoAnswer)
	defer cancel()
	sweep(dir)
	p, err := begin(dir)
	if err != nil {
		return fault.Errorf(fault.Infra, "probe the file locks on %s: %w", dir, err)
	}
	defer func() { err = errors.Join(err, p.end()) }()
	select {
	case <-time.After(opts.Delay):
	case <-ctx.Done():
		return p.unfinished(ctx, nil)
	}
	peer, err := startPeer(opts.CommandFunc(ctx, p.path))
	if err != nil {
		return p.unfinished(ctx, err)
	}
	err = p.ask(peer)
	if ended := peer.end(); !fault.Is(err, fault.Ledger) && errors.Join(err, ended) != nil {
		return p.unfinished(ctx, errors.Join(err, ended))
	}
	return err
}

var (
	errNoAnswer = errors.New("the second process did not answer in time")
	errLocks    = errors.New("file locks cannot be trusted")
)

// probe is a file that was made for it, and is locked.
type probe struct {
	dir, path string
	seen      sighting
	held      *filelock.Held
}

// begin makes the file and locks it. Whoever calls it calls end.
func begin(dir string) (*probe, error) {
	f, err := os.CreateTemp(dir, probePrefix+"*")
	if err != nil {
		return nil, err
	}
	p := &probe{dir: dir, path: f.Name()}
	_, err = f.WriteString(rand.Text())
	if err = errors.Join(err, f.Close()); err == nil {
		p.seen, err = see(p.path)
	}
	if err == nil {
		p.held, err = filelock.Hold(p.path)
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(p.path))
	}
	return p, nil
}

func (p *probe) end() error { return errors.Join(p.held.Release(), os.Remove(p.path)) }

// ask has the other process try the lock while it is held, and once more.
func (p *probe) ask(other *peer) error {
	first, err := other.look()
	if err == nil {
		err = p.compare(first)
	}
	if err != nil {
		return err
	}
	if first.Locked {
		return p.refuse("a lock that one process holds does not keep another out")
	}
	if err := p.held.Release(); err != nil {
		return err
	}
	second, err := other.look()
	if err == nil {
		err = p.compare(second)
	}
	if err != nil {
		return err
	}
	if !second.Locked {
		return p.refuse("a lock that was let go keeps another process out")
	}
	return nil
}

func (p *probe) compare(answer sighting) error {
	switch {
	case answer.Error != "":
		return p.refuse("a second process cannot lock a file that the first can: " + answer.Error)
	case answer.Inode != p.seen.Inode || answer.Content != p.seen.Content:
		return p.refuse("two processes see different files under one name")
	default:
		return nil
	}
}

func (p *probe) refuse(finding string) error {
	return fault.Errorf(fault.Ledger, "%w on %s: %s: %s", errLocks, p.dir, finding, mendPlace)
}

// unfinished is why there is no finding: the end of ctx, if it has ended.
func (p *probe) unfinished(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	err = fmt.Errorf("probe the file locks on %s: %w", p.dir, err)
	if ctx.Err() != nil && !errors.Is(err, errNoAnswer) {
		return err
	}
	return fault.Mark(fault.Infra, err)
}

// sweep removes the files of probes that were killed. What cannot be removed
// does no harm.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), probePrefix) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
