package dockerengine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// maxOutput is what of a container's standard output is read.
const maxOutput = 1 << 20

// Try starts the container, waits for its end, and removes it whatever comes of
// it, also when ctx ends meanwhile. It returns how it ended and what it wrote
// to its standard output. Its errors are those of Start and Wait.
func (e *Engine) Try(ctx context.Context, spec workerimage.Container) (_ orchestrator.Exit, out string, err error) {
	c, err := e.Start(ctx, spec)
	if err != nil {
		return orchestrator.Exit{}, "", err
	}
	defer func() { err = errors.Join(err, e.Remove(context.WithoutCancel(ctx), c.ID)) }()
	exit, err := e.Wait(ctx, c.ID)
	if err != nil {
		return orchestrator.Exit{}, "", err
	}
	out, err = e.output(ctx, c.ID)
	return exit, out, err
}

func (e *Engine) output(ctx context.Context, id string) (string, error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	logs, err := e.api.ContainerLogs(ctx, id, container.LogsOptions{ShowStdout: true})
	if err != nil {
		return "", e.classify(ctx, "read the output of "+id, err)
	}
	defer logs.Close() //nolint:errcheck // nothing was written
	var out bytes.Buffer
	if _, err := stdcopy.StdCopy(&out, io.Discard, io.LimitReader(logs, maxOutput)); err != nil {
		return "", fmt.Errorf("read the output of %s: %w", id, err)
	}
	return out.String(), nil
}
