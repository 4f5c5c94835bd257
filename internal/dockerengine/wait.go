package dockerengine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"

	"postfleet/orchestrator"
)

const (
	tailLines = 20
	tailBytes = 4 << 10
)

// Wait implements orchestrator.Engine.
func (e *Engine) Wait(ctx context.Context, id string) (orchestrator.Exit, error) {
	code, err := e.waitCode(ctx, id)
	if err != nil {
		if ctx.Err() != nil {
			return orchestrator.Exit{}, ctx.Err()
		}
		return orchestrator.Exit{}, e.classify(ctx, "wait for "+id, err)
	}
	exit := orchestrator.Exit{Code: code}
	call, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	c, err := e.api.ContainerInspect(call, id)
	if errdefs.IsNotFound(err) { // removed meanwhile; the code is all there is
		return exit, nil
	}
	if err != nil {
		return orchestrator.Exit{}, e.classify(call, "look at "+id, err)
	}
	exit.OOMKilled = c.State.OOMKilled
	if code != 0 {
		exit.Tail = e.tail(call, id)
	}
	return exit, nil
}

// waitCode waits on both channels and not on ctx: the client's goroutine ends
// with ctx too, and hands its last word to one of them.
func (e *Engine) waitCode(ctx context.Context, id string) (int, error) {
	results, errs := e.api.ContainerWait(ctx, id, container.WaitConditionNotRunning)
	select {
	case r := <-results:
		if r.Error != nil && r.Error.Message != "" {
			return 0, fmt.Errorf("engine: %s", r.Error.Message)
		}
		return int(r.StatusCode), nil
	case err := <-errs:
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, fmt.Errorf("%w: it hung up", orchestrator.ErrUnreachable)
		}
		return 0, err
	}
}

// tail is best effort: it explains an exit, it does not decide anything.
func (e *Engine) tail(ctx context.Context, id string) string {
	logs, err := e.api.ContainerLogs(ctx, id, container.LogsOptions{
		ShowStdout: true, ShowStderr: true, Tail: strconv.Itoa(tailLines),
	})
	if err != nil {
		return ""
	}
	defer logs.Close() //nolint:errcheck // nothing was written
	var out bytes.Buffer
	// Lines come in one stream with a frame each; 20 of them fit in memory.
	if _, err := stdcopy.StdCopy(&out, &out, logs); err != nil {
		return ""
	}
	text := strings.ToValidUTF8(out.String(), "")
	return strings.TrimSpace(text[max(0, len(text)-tailBytes):])
}
