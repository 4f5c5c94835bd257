package uia2

import (
	"image"
	"log/slog"
	"net/http"
	"sync"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

// Phone is what the server looks at and touches. All methods must be safe for
// concurrent use.
type Phone interface {
	Screen() ui.Screen
	Tap(p image.Point)
	LongPress(p image.Point)
	Swipe(from, to image.Point)
	// SetText replaces the text of the field with that ui.Node.Ref.
	SetText(ref, text string) error
	// Type appends to the field that has the focus and reports whether there
	// was one.
	Type(text string) bool
	// Key presses a key by its Android key code.
	Key(code int)
}

// Info describes the phone to those who ask for it.
type Info struct {
	Manufacturer    string
	Model           string
	APIVersion      string
	PlatformVersion string
	// Density is the display's in dots per inch.
	Density int
	// Locale is the phone's language with its country, "en_US"; "" is that.
	Locale string
}

// Config is what New needs.
type Config struct {
	Info Info
	// Version and VersionCode are the server's own, as its APK has them.
	Version     string
	VersionCode int
	// SessionDeletedFunc is called when a session was deleted and the answer is
	// on its way: the real server then ends its instrumentation. It must not
	// wait for the server to stop. Nil does nothing.
	SessionDeletedFunc func()
}

// Server answers one run of the instrumentation: make a new one each time it
// starts, since sessions and elements do not outlive it. It is safe for
// concurrent use and starts no goroutines.
type Server struct {
	cfg      Config
	phone    Phone
	renderer *ui.Renderer
	logger   *slog.Logger
	mux      *http.ServeMux

	mu       sync.Mutex
	session  string
	opened   int
	elements elements
	settings map[string]any
}

// New returns a server for phone, drawing with renderer. A nil logger
// discards.
func New(cfg Config, phone Phone, renderer *ui.Renderer, logger *slog.Logger) *Server {
	if logger == nil {
		logger = logging.Discard()
	}
	s := &Server{
		cfg: cfg, phone: phone, renderer: renderer, logger: logger,
		elements: newElements(), settings: defaultSettings(),
	}
	s.mux = s.routes()
	return s
}

// Sessions lists the ids of the open sessions; the server has at most one.
func (s *Server) Sessions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == "" {
		return nil
	}
	return []string{s.session}
}
