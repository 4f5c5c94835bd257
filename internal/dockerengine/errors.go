package dockerengine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

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
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

// unreachable says in one line why nobody answers and what mends it.
func (e *Engine) unreachable(err error) error {
	host := e.api.DaemonHost()
	socket, isSocket := strings.CutPrefix(host, "unix://")
	hint := "is it running?"
	switch {
	case errors.Is(err, fs.ErrPermission):
		hint = "no permission: run as root or join the socket's group (docker)"
	case isSocket && !exists(socket):
		hint = "the socket is not there: is dockerd running, or DOCKER_HOST needed?"
	case isSocket:
		hint = "the socket is there but nobody answers: is dockerd running?"
	}
	return fmt.Errorf("%w: %s: %s", orchestrator.ErrUnreachable, host, hint)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
