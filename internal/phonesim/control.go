package phonesim

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/adbd"
)

// State is the answer to GET /state. Every key is always present.
type State struct {
	// Screen names the app's screen or the dialog over it.
	Screen string `json:"screen"`
	// Foreground is the package in front.
	Foreground string `json:"foreground"`
	// Account is who is logged in in front.
	Account string `json:"account"`
	// Running tells whether the app has a process.
	Running bool `json:"running"`
	// Sessions are the ids of the open UiAutomator2 sessions.
	Sessions []string `json:"sessions"`
	// ADBConnections are the hosts connected to adbd, oldest first.
	ADBConnections []adbd.Connection `json:"adb_connections"`
}

// State tells how the phone is.
func (p *Phone) State() State {
	s := p.app.State()
	return State{
		Screen: s.Screen, Foreground: s.Package, Account: s.Account, Running: s.Running,
		Sessions: p.sessions(), ADBConnections: p.link.server.Connections(),
	}
}

func (p *Phone) sessions() []string {
	ids := []string{}
	if server := p.automation.Load(); server != nil && p.device.Automated() {
		ids = append(ids, server.Sessions()...)
	}
	return ids
}

// Handler is the control API.
func (p *Phone) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /posts", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, http.StatusOK, p.Posts())
	})
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, http.StatusOK, p.State())
	})
	mux.HandleFunc("GET /screen.png", p.getPicture)
	mux.HandleFunc("POST /faults", p.postFault)
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		p.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /account", p.postAccount)
	return mux
}

func (p *Phone) getPicture(w http.ResponseWriter, _ *http.Request) {
	png, err := p.Picture()
	if err != nil {
		p.refuse(w, http.StatusInternalServerError, err)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(png) // A client that left needs no picture.
}

// faultRequest is the body of POST /faults.
type faultRequest struct {
	Kind    FaultKind `json:"kind"`
	AfterMS int64     `json:"after_ms"`
	ForMS   int64     `json:"for_ms"`
	Count   int       `json:"count"`
}

func (p *Phone) postFault(w http.ResponseWriter, r *http.Request) {
	var body faultRequest
	if err := DecodeJSON(r, &body); err != nil {
		p.refuse(w, http.StatusBadRequest, err)
		return
	}
	f, err := body.fault()
	if err == nil {
		err = p.Inject(r.Context(), f)
	}
	switch {
	case errors.Is(err, ErrBadFault):
		p.refuse(w, http.StatusBadRequest, err)
	case err != nil:
		p.refuse(w, http.StatusInternalServerError, err)
	default:
		p.answer(w, http.StatusOK, body)
	}
}

// fault turns milliseconds into durations, which must hold them.
func (b faultRequest) fault() (Fault, error) {
	limit := maxFaultTime.Milliseconds() + 1
	clamp := func(ms int64) time.Duration { return time.Duration(min(max(ms, -1), limit)) * time.Millisecond }
	f := Fault{Kind: b.Kind, After: clamp(b.AfterMS), For: clamp(b.ForMS), Count: b.Count}
	return f, f.Validate()
}

func (p *Phone) postAccount(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name string `json:"name"`
	}
	err := DecodeJSON(r, &body)
	if err == nil && strings.TrimSpace(body.Name) == "" {
		err = errors.New("name is missing")
	}
	if err == nil {
		err = p.app.SetAccount(body.Name)
	}
	if err != nil {
		p.refuse(w, http.StatusBadRequest, err)
		return
	}
	p.answer(w, http.StatusOK, body)
}

func (p *Phone) answer(w http.ResponseWriter, status int, body any) {
	WriteJSON(w, status, body, p.cfg.Logger)
}

func (p *Phone) refuse(w http.ResponseWriter, status int, err error) {
	p.cfg.Logger.Warn("control request refused", slog.Int("status", status), logging.Err(err))
	p.answer(w, status, map[string]string{"error": err.Error()})
}
