package geelark

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"postfleet/internal/phonesim"
)

// The calls of the API.
const (
	apiList         = "/open/v1/phone/list"
	apiStatus       = "/open/v1/phone/status"
	apiStart        = "/open/v1/phone/start"
	apiStop         = "/open/v1/phone/stop"
	apiADBStatus    = "/open/v1/adb/setStatus"
	apiADBData      = "/open/v1/adb/getData"
	apiShell        = "/open/v1/shell/execute"
	apiUploadURL    = "/open/v1/upload/getUrl"
	apiUpload       = "/open/v1/phone/uploadFile"
	apiUploadResult = "/open/v1/phone/uploadFile/result"
)

func apiPaths() []string {
	return []string{
		apiList, apiStatus, apiStart, apiStop, apiADBStatus, apiADBData, apiShell, apiUploadURL, apiUpload,
		apiUploadResult,
	}
}

// caller is who makes a call: its host, and the URL it reached the API by.
type caller struct{ host, base string }

// reply is what a call answers.
type reply struct {
	code code
	data any
}

func failed(c code) reply { return reply{code: c} }

// endpoint answers one call; body is JSON.
type endpoint func(ctx context.Context, from caller, body []byte) reply

// takes makes an endpoint of a function of the call's parameters.
func takes[T any](f func(ctx context.Context, from caller, params T) reply) endpoint {
	return func(ctx context.Context, from caller, body []byte) reply {
		var params T
		err := json.Unmarshal(body, &params)
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return failed(codeBadParameter)
		}
		if err != nil {
			return failed(codeBadBody)
		}
		return f(ctx, from, params)
	}
}

func (s *Service) endpoints() map[string]endpoint {
	return map[string]endpoint{
		apiList:         takes(s.list),
		apiStatus:       takes(s.status),
		apiStart:        takes(s.start),
		apiStop:         takes(s.stop),
		apiADBStatus:    takes(s.setADB),
		apiADBData:      takes(s.adbData),
		apiShell:        takes(s.shell),
		apiUploadURL:    takes(s.uploadURL),
		apiUpload:       takes(s.upload),
		apiUploadResult: takes(s.uploadResult),
	}
}

// Handler is the Open API, and the storage that its uploads go to.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	for path, e := range s.endpoints() {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { s.serveCall(w, r, path, e) })
	}
	mux.HandleFunc("PUT /storage/{name}", s.putFile)
	mux.HandleFunc("GET /material/{name}", s.getFile)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.reply(w, r, http.StatusNotFound, failed(codeNotFound))
	})
	return mux
}

// serveCall answers a call with what the way there, the account and the call
// itself have to say, in this order.
func (s *Service) serveCall(w http.ResponseWriter, r *http.Request, api string, e endpoint) {
	// A caller who hangs up is noticed only once the body was read.
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if f, ok := s.faults.ofTransport(kindSlowAnswer, api); ok {
		select {
		case <-time.After(milliseconds(f.DelayMS)):
		case <-r.Context().Done():
		}
	}
	if f, ok := s.faults.ofTransport(kindHTTPError, api); ok {
		status := http.StatusBadGateway
		set(&f.Code, status)
		http.Error(w, http.StatusText(f.Code), f.Code)
		return
	}
	answer := s.answer(r, api, func(ctx context.Context) reply {
		if readErr != nil {
			return failed(codeBadBody)
		}
		return e(ctx, callerOf(r), body)
	})
	if _, ok := s.faults.ofTransport(kindLostAnswer, api); ok {
		panic(http.ErrAbortHandler)
	}
	if answer.code != codeOK {
		s.cfg.Logger.InfoContext(r.Context(), "call refused",
			slog.String("api", api), slog.Int("code", int(answer.code)))
	}
	s.reply(w, r, http.StatusOK, answer)
}

const maxBodyBytes = 1 << 20

// answer makes the call, if the account may.
func (s *Service) answer(r *http.Request, api string, call func(context.Context) reply) reply {
	if c := s.cfg.admits(r.Header); c != codeOK {
		return failed(c)
	}
	if c := s.limiter.allow(api, time.Now()); c != codeOK {
		return failed(c)
	}
	if c := s.faults.ofCall(api); c != codeOK {
		return failed(c)
	}
	return call(r.Context())
}

func callerOf(r *http.Request) caller {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return caller{host: host, base: "http://" + r.Host}
}

// envelope is around every answer.
type envelope struct {
	TraceID string `json:"traceId"`
	Code    code   `json:"code"`
	Message string `json:"msg"`
	Data    any    `json:"data,omitempty"`
}

func (s *Service) reply(w http.ResponseWriter, r *http.Request, status int, a reply) {
	phonesim.WriteJSON(w, status, envelope{
		TraceID: r.Header.Get(headerTraceID), Code: a.code, Message: a.code.message(), Data: a.data,
	}, s.cfg.Logger)
}
