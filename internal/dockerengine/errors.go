package dockerengine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/client"

	"postfleet/orchestrator"
)

// classify turns an error of the client into one of ours. doing says what was
// asked of the engine, as "start default-worker-0".
func (e *Engine) classify(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case client.IsErrConnectionFailed(err):
		return e.unreachable(err)
	case errdefs.IsNotFound(err):
		return fmt.Errorf("%s: %w", doing, orchestrator.ErrNotFound)
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil:
		return fmt.Errorf("%s: the Docker engine did not answer in time: %w", doing, err)
	case errdefs.IsPermissionDenied(err), errdefs.IsUnauthorized(err):
		return fmt.Errorf("%s: the Docker engine, or a proxy in front of it, does not allow this call: %w", doing, err)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

// unreachable says in one line why nobody answers and what mends it.
func (e *Engine) unreachable(err error) error {
	host := e.api.DaemonHost()
	scheme, rest, _ := strings.Cut(host, "://")
	hint := "is it running?"
	switch {
	case scheme == "unix":
		hint = e.hintOfSocket(rest, err)
	case scheme == "ssh":
		hint = "ssh:// is not spoken here: forward the engine's socket with ssh -L and name that in DOCKER_HOST"
	case strings.Contains(err.Error(), "tls") || strings.Contains(err.Error(), "x509"):
		hint = "it does not take our certificate, or we not its: check DOCKER_TLS_VERIFY and DOCKER_CERT_PATH"
	}
	return fmt.Errorf("%w: %s: %s", orchestrator.ErrUnreachable, host, hint)
}

// hintOfSocket is why a socket on this host does not serve.
func (e *Engine) hintOfSocket(socket string, err error) string {
	_, statErr := os.Stat(socket)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(statErr, fs.ErrPermission):
		return "no permission: run as root or join the socket's group (" + groupOf(socket) +
			") and log in anew" + e.elsewhere(socket)
	case statErr != nil:
		return "the socket is not there: is dockerd running, or DOCKER_HOST needed?" + e.elsewhere(socket)
	default:
		return "the socket is there but nobody answers: is dockerd running?" + e.elsewhere(socket)
	}
}

// elsewhere points to the socket of a rootless engine, if there is one and it
// is not the one that was tried.
func (e *Engine) elsewhere(tried string) string {
	dir := cmp.Or(e.proc.runtimeDir, os.Getenv("XDG_RUNTIME_DIR"))
	socket := filepath.Join(dir, "docker.sock")
	if dir == "" || socket == tried {
		return ""
	}
	if _, err := os.Stat(socket); err != nil {
		return ""
	}
	return "; a rootless engine has its socket at DOCKER_HOST=unix://" + socket
}

// groupOf is the name of the group that a socket belongs to, or its number.
func groupOf(socket string) string {
	info, err := os.Stat(socket)
	if err != nil {
		return "docker"
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "docker"
	}
	id := strconv.FormatUint(uint64(st.Gid), 10)
	if group, err := user.LookupGroupId(id); err == nil {
		return group.Name
	}
	return "number " + id
}
