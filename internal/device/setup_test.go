package device_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postfleet/internal/adb/adbtest"
	"postfleet/internal/device"
	"postfleet/internal/logging"
)

const (
	address = "10.0.0.7:5555"
	on      = "-s " + address + " shell "
	heading = "List of devices attached\n"
)

// healthy is an adb with a phone that can be connected.
func healthy() adbtest.Script {
	return adbtest.Script{
		"devices":                  {{Stdout: heading + address + "\tdevice\n"}},
		"connect " + address:       {{Stdout: "connected to " + address + "\n"}},
		on + "getprop ro.serialno": {{Stdout: "SER1\n"}},
		on + "pm path com.no.such": {{Code: 1}},
		listing:                    {{Stdout: "holiday.mp4\npostfleet-1-1.mp4\npostfleet-$(reboot)\n"}},
		shown:                      {{Stdout: "5\n"}},
	}
}

const (
	remote = "/sdcard/Movies/postfleet-7-1.mp4"
	// What is done about an upload, each in one go.
	listing = on + "mkdir -p /sdcard/Movies >/dev/null && ls /sdcard/Movies"
	shown   = on + "touch " + remote + also + scan + remote + also + "stat -c %s " + remote
	removed = on + "rm -f " + remote + also + scan + remote + also + "true"
	also    = " >/dev/null && "
)

// but returns a healthy adb that answers some commands otherwise.
func but(more adbtest.Script) adbtest.Script {
	s := healthy()
	maps.Copy(s, more)
	return s
}

// answer is what the fake Appium says to one command.
type answer struct {
	status int // 0: 200
	value  any
	hang   bool
}

func w3c(status int, code, message string) answer {
	return answer{status: status, value: map[string]string{"error": code, "message": message}}
}

// server is a fake Appium. Answers go by "METHOD path", without the session,
// in order; the last one stays. Without any it succeeds with null.
type server struct {
	mu      sync.Mutex
	answers map[string][]answer
	asked   []string
	bodies  map[string]string // the last of each
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a := s.note(r, string(body))
	if a.hang {
		<-r.Context().Done()
		return
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"value": a.value})
}

func (s *server) note(r *http.Request, body string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := r.Method + " " + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/session/s1"), "/session/s2")
	s.asked = append(s.asked, name)
	s.bodies[name] = body
	replies := s.answers[name]
	if len(replies) == 0 {
		return answer{}
	}
	if len(replies) > 1 {
		s.answers[name] = replies[1:]
	}
	return replies[0]
}

func (s *server) set(name string, replies ...answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[name] = replies
}

// take returns the commands since the last take.
func (s *server) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func (s *server) body(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies[name]
}

// bundle is a controller between a fake adb and a fake Appium.
type bundle struct {
	*device.Controller
	appium *server
	http   *httptest.Server
	calls  func() []string // adb commands since the last call
}

func setup(t *testing.T, s adbtest.Script) *bundle {
	t.Helper()
	return setupWithin(t, s, device.Timeouts{Reach: time.Millisecond, Close: 20 * time.Second})
}

// scripts numbers the adbtest.Scripts of all tests: a number stands for a port.
var scripts atomic.Int32

func setupWithin(t *testing.T, s adbtest.Script, timeouts device.Timeouts) *bundle {
	t.Helper()
	port := freePort(t)
	if err := fake.Play(port, s); err != nil {
		t.Fatal(err)
	}
	b := &bundle{appium: &server{bodies: map[string]string{}, answers: map[string][]answer{
		"POST /session":    {created("s1"), created("s2")},
		"GET /window/rect": {{value: map[string]int{"width": 1080, "height": 2208}}},
	}}}
	b.http = httptest.NewServer(b.appium)
	t.Cleanup(b.http.Close)
	b.Controller = device.New(device.Config{
		Address: address, ADBPort: port, ADBProgram: fake.Program(), AppiumURL: b.http.URL,
		SystemPort: 8200, MJPEGPort: 8201, Timeouts: timeouts,
	}, logging.Discard())
	t.Cleanup(func() { _ = b.Close(t.Context()) })
	b.calls = func() []string {
		calls, err := fake.Calls(port)
		if err != nil {
			t.Fatal(err)
		}
		return calls
	}
	return b
}

func created(id string) answer {
	return answer{value: map[string]any{"sessionId": id, "capabilities": map[string]any{}}}
}

// connected is setup with a session.
func connected(t *testing.T, s adbtest.Script) *bundle {
	t.Helper()
	b := setup(t, s)
	if err := b.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.appium.take()
	b.calls()
	return b
}

// freePort returns what stands for a port of an adb server, of no other test's.
func freePort(t *testing.T) int {
	t.Helper()
	return int(scripts.Add(1))
}
