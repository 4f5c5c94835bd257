package dockerengine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
)

// self is our own container; id is "" when we are in none of this engine's.
type self struct {
	id     string
	mounts []container.MountPoint
	labels map[string]string
}

// procFiles is where a process reads what container it is in; the zero value
// is this process.
type procFiles struct {
	mountinfo, cgroup string
	hostname          func() (string, error)
	// runtimeDir is where the user's rootless engine has its socket.
	runtimeDir string
}

// HostPath returns path as the engine sees it. When this process runs in a
// container, that is where one of the container's mounts has it on the host; a
// path that is on no mount is an error that says so. Otherwise it is path itself,
// made absolute.
func (e *Engine) HostPath(ctx context.Context, path string) (string, error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s on the host: %w", path, err)
	}
	if resolved, err := filepath.EvalSymlinks(abs); err == nil {
		abs = resolved
	}
	s, err := e.whoami(ctx)
	if err != nil {
		return "", err
	}
	if s.id == "" {
		return abs, nil
	}
	host, ok := onMount(s.mounts, abs)
	if !ok {
		return "", fmt.Errorf("%s is inside the orchestrator's container and on none of its mounts: "+
			"bind-mount it, so that workers can have it too", abs)
	}
	return host, nil
}

// onMount translates path by the mount that is nearest to it.
func onMount(mounts []container.MountPoint, path string) (string, bool) {
	var best *container.MountPoint
	for _, m := range mounts {
		if within(m.Destination, path) && (best == nil || len(m.Destination) > len(best.Destination)) {
			best = &m
		}
	}
	if best == nil || best.Source == "" {
		return "", false
	}
	rest := strings.TrimPrefix(path, best.Destination)
	return filepath.Join(best.Source, rest), true
}

func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// inside reports whether we are a container of this engine.
func (e *Engine) inside(ctx context.Context) (bool, error) {
	s, err := e.whoami(ctx)
	return s.id != "", err
}

// whoami finds our own container, once. An id that the engine does not know is
// no container of its: we may well be in one of another engine, whose paths
// this one shares with us.
func (e *Engine) whoami(ctx context.Context) (self, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.self != nil {
		return *e.self, nil
	}
	found := self{}
	if id := e.proc.containerID(); id != "" {
		c, err := e.api.ContainerInspect(ctx, id)
		if err != nil && !errdefs.IsNotFound(err) {
			return self{}, e.classify(ctx, "look at our own container", err)
		}
		if err == nil {
			found = self{id: c.ID, mounts: c.Mounts, labels: c.Config.Labels}
		}
	}
	e.self = &found
	return found, nil
}

const idPattern = `[0-9a-f]{64}`

// containerID returns the id that the kernel's tables give away, or "". Under
// cgroup v2 only mountinfo does: the engine mounts hostname, hosts and
// resolv.conf from the container's directory. The host name itself is the last
// resort, since it can be anything.
func (p procFiles) containerID() string {
	mounted := regexp.MustCompile(`(?m)/containers/(` + idPattern + `)/\S+ /etc/(?:hostname|hosts|resolv\.conf) `)
	if m := mounted.FindStringSubmatch(read(p.mountinfo, "/proc/self/mountinfo")); m != nil {
		return m[1]
	}
	grouped := regexp.MustCompile(`(?m)(?:/docker/|docker-)(` + idPattern + `)(?:\.scope)?$`)
	if m := grouped.FindStringSubmatch(read(p.cgroup, "/proc/self/cgroup")); m != nil {
		return m[1]
	}
	hostname := os.Hostname
	if p.hostname != nil {
		hostname = p.hostname
	}
	name, err := hostname()
	if err == nil && regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(name) {
		return name
	}
	return ""
}

func read(path, fallback string) string {
	if path == "" {
		path = fallback
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(b)
}
