package android_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/adbd"
	"postfleet/internal/phonesim/android"
)

const appName, appActivity = "com.example.app", "com.example.app.MainActivity"

// screen plays the app, and notes what is done to it.
type screen struct {
	mu      sync.Mutex
	running bool
	events  []string
}

func (s *screen) note(format string, a ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, fmt.Sprintf(format, a...))
}

func (s *screen) setRunning(running bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = running
}

func (s *screen) Running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

func (s *screen) Front() (pkg, activity string) {
	if s.Running() {
		return appName, appActivity
	}
	return "com.android.launcher3", ".Launcher"
}

func (s *screen) Start()                     { s.setRunning(true); s.note("start") }
func (s *screen) Stop()                      { s.setRunning(false); s.note("stop") }
func (s *screen) GrantMedia(granted bool)    { s.note("grant %t", granted) }
func (s *screen) Tap(p image.Point)          { s.note("tap %v", p) }
func (s *screen) Swipe(from, to image.Point) { s.note("swipe %v %v", from, to) }
func (s *screen) Key(code int)               { s.note("key %d", code) }
func (s *screen) Type(text string) bool      { s.note("type %s", text); return true }

func (s *screen) took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// automation answers every request with its path.
type automation struct{ ended func() }

func (a automation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/end" {
		a.ended()
	}
	_, _ = fmt.Fprint(w, r.URL.Path)
}

func (a automation) MJPEG() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, "pictures")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
}

// setup is a phone with the Appium packages on it.
type setup struct {
	*android.Device
	storage *android.Storage
	screen  *screen
}

func newDevice(t *testing.T, change ...func(*android.Config)) setup {
	t.Helper()
	s := setup{storage: android.NewStorage(t.TempDir()), screen: &screen{}}
	cfg := android.Config{
		Product: adbd.Product{Name: "simphone", Model: "Sim", Device: "sim"}, Serial: "SIM1",
		APIVersion: "33", PlatformVersion: "13", Manufacturer: "Simulated", Width: 1080, Height: 2208, Density: 420,
		Storage: s.storage, App: s.screen, Input: s.screen,
		AppPackage: android.Package{Name: appName, Activity: appActivity, VersionName: "1.2", VersionCode: 12},
		Preinstalled: []android.Package{
			{Name: "io.appium.settings", VersionName: "8.0.9", VersionCode: 191, Activity: "x.Settings"},
			{Name: android.AutomationPackage, VersionName: "10.6.6", VersionCode: 278},
			{
				Name: android.AutomationTestPackage, Target: android.AutomationPackage,
				Instrumentation: "androidx.test.runner.AndroidJUnitRunner",
			},
		},
		ScreencapFunc:  func() ([]byte, error) { return []byte("\x89PNG picture"), nil },
		AutomationFunc: func(ended func()) android.Automation { return automation{ended} },
		Logger:         logging.Discard(),
	}
	for _, c := range change {
		c(&cfg)
	}
	s.Device = android.New(cfg)
	t.Cleanup(s.Close)
	return s
}

// result is what a shell line left behind.
type result struct {
	Out, Err string
	Code     uint8
}

func (s setup) run(ctx context.Context, line, in string) result {
	var out, errs bytes.Buffer
	code := s.Shell(ctx, line, adbd.Stdio{In: strings.NewReader(in), Out: &out, Err: &errs})
	return result{out.String(), errs.String(), code}
}

func (s setup) put(t *testing.T, name, text string) {
	t.Helper()
	u, err := s.storage.Create(name, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := u.Commit(time.Unix(1_700_000_000, 0)); err != nil {
		t.Fatal(err)
	}
}
