package uia2

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"postfleet/internal/logging"
)

const (
	maxBodyBytes = 4 << 20
	// noSession stands for the session id in answers to commands without one.
	noSession = "None"
)

// call is one request of the driver.
type call struct {
	r    *http.Request
	body []byte
	// afterwards, when set, is called once the answer is on its way.
	afterwards func()
}

// read decodes the request's body into v. An empty body changes nothing.
func (c *call) read(v any) error {
	if len(c.body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, v); err != nil {
		return errArgument("read the body of %s: %w", c.r.URL.Path, err)
	}
	return nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path := strings.TrimRight(r.URL.Path, "/"); path != "" {
		r.URL.Path = path // the driver ends some paths with a slash
	}
	s.mux.ServeHTTP(w, r)
}

// answer turns h into an http.Handler with the protocol's answers.
func (s *Server) answer(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
		c := &call{r: r, body: body}
		var value any
		if err == nil {
			value, err = h(c)
		}
		status := http.StatusOK
		if err != nil {
			status, value = describe(err)
		}
		s.logger.LogAttrs(r.Context(), slog.LevelDebug, "command answered",
			slog.String("method", r.Method), slog.String(logging.KeyPath, r.URL.Path), slog.Int("status", status))
		s.write(w, r, status, value)
		if c.afterwards != nil {
			c.afterwards()
		}
	})
}

// write sends the answer and sees it off.
func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, value any) {
	session := r.PathValue("session")
	if session == "" {
		session = noSession
	}
	if opened, ok := value.(newSessionValue); ok {
		session = opened.SessionID
	}
	b, err := json.Marshal(map[string]any{"sessionId": session, "value": value})
	if err != nil {
		s.logger.ErrorContext(r.Context(), "answer could not be written",
			slog.String(logging.KeyPath, r.URL.Path), logging.Err(err))
		status, b = http.StatusInternalServerError, []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(b)
	if err == nil {
		err = http.NewResponseController(w).Flush()
	}
	if err != nil {
		s.logger.DebugContext(r.Context(), "client left before its answer",
			slog.String(logging.KeyPath, r.URL.Path), logging.Err(err))
	}
}

// describe is the status and the body of an error.
func describe(err error) (status int, value any) {
	var e *commandError
	if !errors.As(err, &e) {
		e = &commandError{status: http.StatusInternalServerError, code: "unknown error", message: err.Error()}
	}
	return e.status, map[string]string{
		"error": e.code, "message": e.message,
		"stacktrace": "io.appium.uiautomator2.common.exceptions.UiAutomator2Exception: " + e.message,
	}
}

// inSession lets h answer only for the open session.
func (s *Server) inSession(h handler) handler {
	return func(c *call) (any, error) {
		id := c.r.PathValue("session")
		s.mu.Lock()
		open := s.session != "" && s.session == id
		s.mu.Unlock()
		if !open {
			return nil, errNoSession(id)
		}
		return h(c)
	}
}

func unknownCommand(*call) (any, error) { return nil, errUnknownCommand() }
