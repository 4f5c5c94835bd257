package geelark

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim"
	"postfleet/internal/phonesim/app"
)

// Post is a post, and the phone that made it.
type Post struct {
	Phone string `json:"phone"`
	app.Post
}

// ControlHandler is the control API. What it tells of one phone, and asks of
// it, is under /phones/<name>/ as that phone's own control API has it.
func (s *Service) ControlHandler() http.Handler {
	mux := http.NewServeMux()
	for pattern, tell := range map[string]func() any{
		"GET /healthz": func() any { return map[string]string{"status": "ok"} },
		"GET /meter":   func() any { return s.meter() },
		"GET /limits":  func() any { return s.limiter.report() },
		"GET /posts":   func() any { return s.posts() },
		"GET /faults":  func() any { return s.faults.list() },
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			phonesim.WriteJSON(w, http.StatusOK, tell(), s.cfg.Logger)
		})
	}
	mux.HandleFunc("POST /faults", s.postFault)
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.faults.clear()
		for _, sim := range s.sims {
			sim.ClearFaults()
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("/phones/{name}/{rest...}", func(w http.ResponseWriter, r *http.Request) {
		sim := s.sims[r.PathValue("name")]
		if sim == nil {
			s.refuse(w, http.StatusNotFound, fmt.Errorf("no phone is named %q", r.PathValue("name")))
			return
		}
		inner := r.Clone(r.Context())
		inner.URL.Path, inner.URL.RawPath = "/"+r.PathValue("rest"), ""
		sim.Handler().ServeHTTP(w, inner)
	})
	return mux
}

// posts are the posts of all phones, oldest first; it is never nil.
func (s *Service) posts() []Post {
	all := []Post{}
	for name, sim := range s.sims {
		for _, post := range sim.Posts() {
			all = append(all, Post{name, post})
		}
	}
	slices.SortFunc(all, func(a, b Post) int { return a.At.Compare(b.At) })
	return all
}

func (s *Service) postFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	err := phonesim.DecodeJSON(r, &f)
	if err == nil {
		err = s.inject(r, f)
	}
	switch {
	case errors.Is(err, errBadFault), errors.Is(err, phonesim.ErrBadFault):
		s.refuse(w, http.StatusBadRequest, err)
	case err != nil:
		s.refuse(w, http.StatusBadRequest, fmt.Errorf("inject fault: %w", err))
	default:
		phonesim.WriteJSON(w, http.StatusOK, f, s.cfg.Logger)
	}
}

// inject makes trouble with the cloud, or as its phones know it.
func (s *Service) inject(r *http.Request, f Fault) error {
	if f.Phone != "" && s.sims[f.Phone] == nil {
		return fmt.Errorf("%w: no phone is named %q", errBadFault, f.Phone)
	}
	if err := f.validateTimes(); err != nil {
		return err
	}
	if slices.Contains(phonesim.FaultKinds(), phonesim.FaultKind(f.Kind)) {
		return s.injectPhone(r, f)
	}
	if err := f.validate(); err != nil {
		return err
	}
	s.cfg.Logger.InfoContext(r.Context(), "fault armed", slog.String("kind", f.Kind), slog.String("phone", f.Phone))
	if f.Kind == kindShutdown {
		s.timers.after(milliseconds(f.AfterMS), func() { s.shutDown(f.Phone) })
		return nil
	}
	s.faults.add(f)
	return nil
}

// injectPhone hands a fault on to the phone, or to all of them.
func (s *Service) injectPhone(r *http.Request, f Fault) error {
	if f.API != "" || f.Code != 0 || f.DelayMS != 0 {
		return fmt.Errorf("%w: %s has no api, code and delay_ms", errBadFault, f.Kind)
	}
	for name, sim := range s.sims {
		if f.Phone != "" && name != f.Phone {
			continue
		}
		err := sim.Inject(r.Context(), phonesim.Fault{
			Kind:  phonesim.FaultKind(f.Kind),
			After: milliseconds(f.AfterMS), For: milliseconds(f.ForMS), Count: f.Count,
		})
		if err != nil {
			return fmt.Errorf("phone %s: %w", name, err)
		}
	}
	return nil
}

// shutDown shuts a phone down as if by itself, or all of them.
func (s *Service) shutDown(name string) {
	for _, p := range s.phones {
		if name == "" || name == p.spec.Name {
			p.fail()
		}
	}
}

func (s *Service) refuse(w http.ResponseWriter, status int, err error) {
	s.cfg.Logger.Warn("control request refused", slog.Int("status", status), logging.Err(err))
	phonesim.WriteJSON(w, status, map[string]string{"error": err.Error()}, s.cfg.Logger)
}
