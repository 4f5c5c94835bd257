package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"

	"postfleet/internal/claudesim"
)

// serveFunc serves a handler until stop, which waits for it, and says where.
type serveFunc func(ctx context.Context, h http.Handler) (url string, stop func() error, err error)

// serve is a serveFunc that serves on a port of this host.
func serve(ctx context.Context, h http.Handler) (url string, stop func() error, err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listen for the model's clients: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: patience}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	return "http://" + listener.Addr().String(), func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

// stub is the model's endpoint, and counts the requests that reach it. Each
// worker has a key of its own, so that it is known whose they are.
type stub struct {
	server *claudesim.Server

	mu    sync.Mutex
	calls map[string]int
}

func newStub(m claudesim.Mind) *stub {
	return &stub{server: claudesim.New(claudesim.Config{Mind: m}), calls: map[string]int{}}
}

// ServeHTTP implements http.Handler.
func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls[r.Header.Get("X-Api-Key")]++
	s.mu.Unlock()
	s.server.ServeHTTP(w, r)
}

// callsBy is how many requests came with the key.
func (s *stub) callsBy(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[key]
}
