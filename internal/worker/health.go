package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"postfleet/internal/logging"
)

const healthPath = "/health"

// answerTimeout bounds all of a health answer; the container's own check waits
// a little longer.
const answerTimeout = 4 * time.Second

// Health is what a worker says of itself.
type Health struct {
	// State is one word: starting, connecting, claiming, waiting, working,
	// recording, recycling or stopping.
	State string `json:"state"`
	// JobID is 0 when no job is being worked on.
	JobID int       `json:"job_id"`
	Since time.Time `json:"since"`
	// Parts are the verdicts, the loop's first. Nothing is asked twice for one:
	// patience with a single missed answer is the container's, in its retries.
	Parts []Part `json:"parts"`
	// Problems is empty when all is well; otherwise the parts that are not, as text.
	Problems []string `json:"problems"`
}

// Ask returns the health of the worker that serves the unix socket. An error
// means that it does not answer.
func Ask(ctx context.Context, socket string) (Health, error) {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://worker"+healthPath, http.NoBody)
	if err != nil {
		return Health{}, err
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return Health{}, fmt.Errorf("ask worker: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	var h Health
	if err := json.NewDecoder(resp.Body).Decode(&h); err != nil {
		return Health{}, fmt.Errorf("read worker's answer: %w", err)
	}
	return h, nil
}

// serveHealth answers Ask until stop is called.
func (w *Worker) serveHealth(ctx context.Context) (stop func(), err error) {
	if w.cfg.HealthSocket == "" {
		return func() {}, nil
	}
	// A predecessor that was killed may have left its socket behind.
	if err := os.Remove(w.cfg.HealthSocket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("serve health: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", w.cfg.HealthSocket)
	if err != nil {
		return nil, fmt.Errorf("serve health: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+healthPath, w.answerHealth)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: answerTimeout}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			w.logger.WarnContext(ctx, "health is no longer served", logging.Err(err))
		}
	})
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout+time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			_ = server.Close() // a question that is never answered ends with the worker
		}
		wg.Wait()
		w.vitals.wait(ctx)
	}, nil
}

func (w *Worker) answerHealth(rw http.ResponseWriter, req *http.Request) {
	h := w.health(req.Context())
	rw.Header().Set("Content-Type", "application/json")
	if len(h.Problems) > 0 {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(rw).Encode(h) // whoever asked has gone
}

// health asks all parts at once.
func (w *Worker) health(ctx context.Context) Health {
	h, late := w.pulse.read()
	var stuck error
	if late > 0 {
		stuck = fmt.Errorf("stuck in %q, %s over its time", h.State, late.Round(time.Second))
	}
	h.Parts = append([]Part{w.vitals.record(PartLoop, stuck)}, w.vitals.examine(ctx)...)
	h.Problems = []string{}
	for _, p := range h.Parts {
		if !p.Well {
			h.Problems = append(h.Problems, p.Name+": "+p.Problem)
		}
	}
	return h
}
