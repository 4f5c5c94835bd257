// Package dockerengine implements orchestrator.Engine with the Docker Engine
// API. It is the only package that imports docker/docker: the translation of
// specs, the calls and the classification of errors are here and nowhere else.
// It decides nothing about fleets.
package dockerengine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/docker/docker/api/types/versions"
	"github.com/docker/docker/client"

	"postfleet/orchestrator"
)

var _ orchestrator.Engine = (*Engine)(nil)

const (
	// callTimeout is the deadline of one call. Making a container on a busy
	// machine is the slowest.
	callTimeout = time.Minute
	pingTimeout = 5 * time.Second
)

// MinAPI is the oldest API that is spoken: that of Docker 20.10.
const MinAPI = "1.41"

// Engine talks to the Docker engine that the environment names (DOCKER_HOST
// and its companions), or to the local one. Safe for concurrent use.
type Engine struct {
	api  api
	proc procFiles

	mu   sync.Mutex
	self *self // nil until found out
}

// New returns a client. It does not connect: use Ping. Close it.
func New() (*Engine, error) {
	c, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
	if err != nil {
		return nil, fmt.Errorf("set up the Docker client: %w: check DOCKER_HOST and DOCKER_CERT_PATH", err)
	}
	return newEngine(c, procFiles{}), nil
}

func newEngine(a api, proc procFiles) *Engine { return &Engine{api: a, proc: proc} }

// Close releases the idle connections.
func (e *Engine) Close() error { return e.api.Close() }

// Ping implements orchestrator.Engine.
func (e *Engine) Ping(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, pingTimeout)
	defer stop()
	ping, err := e.api.Ping(ctx)
	if err != nil {
		return e.classify(ctx, "ask for its version", err)
	}
	if ping.APIVersion != "" && versions.LessThan(ping.APIVersion, MinAPI) {
		return fmt.Errorf("docker engine speaks API %s: %s or later is needed (Docker 20.10)", ping.APIVersion, MinAPI)
	}
	return nil
}
