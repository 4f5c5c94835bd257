package claudesim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Config says how a Server answers.
type Config struct {
	// Key is the only one that is taken; "" takes any.
	Key string
	// Models are those that there are; none is every model.
	Models []string
	// Mind gives the answers; nil gives up on every screen.
	Mind Mind
}

// Request is one that was made, whatever came of it.
type Request struct {
	// Conversation is equal for requests with the same question: the retries of
	// one, but not the question asked anew with a note.
	Conversation string
	// Body is what was sent, and Header with what, but for the key.
	Body   []byte
	Header http.Header
	// Prompt is what a mind saw; zero when the body could not be read.
	Prompt Prompt
	// Status is what was answered, and Usage what it was said to cost.
	Status int
	Usage  Usage
}

// Server is the stand-in. It is an http.Handler, safe for concurrent use.
type Server struct {
	cfg Config

	mu    sync.Mutex
	seen  []Request
	queue []Reply
	cache map[string]time.Time
}

// New returns a server that has seen nothing.
func New(cfg Config) *Server { return &Server{cfg: cfg, cache: map[string]time.Time{}} }

// Next gives these replies to the next requests that are not refused, one each,
// in place of the mind's.
func (s *Server) Next(replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, replies...)
}

// Requests returns those that were answered so far, in that order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// Conversations counts the requests of each conversation.
func (s *Server) Conversations() map[string]int {
	count := map[string]int{}
	for _, r := range s.Requests() {
		count[r.Conversation]++
	}
	return count
}

// Forget drops what was recorded. What is cached stays.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

const shutdownTimeout = 5 * time.Second

// Serve serves until ctx ends, and returns nil then. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: shutdownTimeout}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := server.Shutdown(closing)
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

const maxBody = 32 << 20

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	seen := Request{Body: body, Header: r.Header.Clone()}
	seen.Header.Del("X-Api-Key")
	reply, asked := s.refuse(r, body)
	if reply.Status == 0 {
		seen.Prompt, seen.Conversation = asked.prompt(), conversation(asked)
		reply = s.reply(seen.Prompt)
		seen.Usage = s.usage(asked, reply)
	}
	if !pause(r.Context(), reply.Delay) || reply.Drop {
		s.record(seen)
		panic(http.ErrAbortHandler) // breaks the connection off
	}
	seen.Status = max(http.StatusOK, reply.Status)
	s.record(seen)
	reply.write(w, asked.Model, seen.Usage)
}

// refuse returns the error that a request gets whatever it asks.
func (s *Server) refuse(r *http.Request, body []byte) (Reply, request) {
	const invalid = "invalid_request_error"
	key := r.Header.Get("X-Api-Key")
	switch {
	case r.URL.Path != "/v1/messages":
		return failed(http.StatusNotFound, "not_found_error", "Not found"), request{}
	case r.Method != http.MethodPost:
		return failed(http.StatusMethodNotAllowed, invalid, "Method Not Allowed"), request{}
	case key == "":
		return failed(http.StatusUnauthorized, "authentication_error", "x-api-key header is required"), request{}
	case s.cfg.Key != "" && key != s.cfg.Key:
		return failed(http.StatusUnauthorized, "authentication_error", "invalid x-api-key"), request{}
	case r.Header.Get("Anthropic-Version") == "":
		return failed(http.StatusBadRequest, invalid, "anthropic-version: header is required"), request{}
	}
	asked, err := decode(body)
	if err == nil {
		err = asked.check()
	}
	switch {
	case err != nil:
		return failed(http.StatusBadRequest, invalid, err.Error()), request{}
	case len(s.cfg.Models) > 0 && !slices.Contains(s.cfg.Models, asked.Model):
		return failed(http.StatusNotFound, "not_found_error", "model: "+asked.Model), request{}
	}
	return Reply{}, asked
}

// reply is the next one of the queue, or the mind's.
func (s *Server) reply(p Prompt) Reply {
	s.mu.Lock()
	var next Reply
	if len(s.queue) > 0 {
		next, s.queue = s.queue[0], s.queue[1:]
	}
	s.mu.Unlock()
	if !next.isMinds() {
		return next
	}
	mind := s.cfg.Mind
	if mind == nil {
		mind = Honest{}
	}
	answer := mind.Answer(p)
	answer.Delay = next.Delay
	return answer
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, r)
}

func conversation(r request) string {
	sum := sha256.Sum256([]byte(r.systemText() + "\x00" + r.userText()))
	return hex.EncodeToString(sum[:8])
}

// pause reports whether the time went by before the client did.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
