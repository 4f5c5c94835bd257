package geelark

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeMachine is a phone that only remembers what was done to it.
type fakeMachine struct {
	mu                sync.Mutex
	on                bool
	address, password string
	refusals          int // how many addresses are still to be refused
	files             map[string]string
}

var _ machine = (*fakeMachine)(nil)

func (f *fakeMachine) do(what func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	what()
}

func (f *fakeMachine) SwitchOn()  { f.do(func() { f.on = true }) }
func (f *fakeMachine) SwitchOff() { f.do(func() { f.on, f.address = false, "" }) }
func (f *fakeMachine) CloseADB()  { f.do(func() { f.address = "" }) }

func (f *fakeMachine) OpenADB(address, password string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refusals > 0 {
		f.refusals--
		return errors.New("address in use")
	}
	f.address, f.password = address, password
	return nil
}

func (f *fakeMachine) Shell(_ context.Context, line string) (string, uint8) {
	if line == "false" {
		return "no", 1
	}
	return line, 0
}

func (f *fakeMachine) Download(name string, contents io.Reader) error {
	b, err := io.ReadAll(contents)
	f.do(func() { f.files[name] = string(b) })
	return err
}

func (f *fakeMachine) isOn() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.on
}

// reachable is where adb can connect to the phone; "" is nowhere.
func (f *fakeMachine) reachable() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.address
}

const (
	testToken   = "good-token"
	testTraceID = "db6094ab-3797-4186-84d5-b0b58eebad56"
	firstPort   = 30001
	lastPort    = 30020
)

func testConfig(names ...string) Config {
	cfg := Config{
		Token: testToken, PortFirst: firstPort, PortLast: lastPort,
		APIAddress: "127.0.0.1:0", ControlAddress: "127.0.0.1:0", ADBHost: "127.0.0.1", Seed: 7,
	}
	for _, name := range names {
		cfg.Phones = append(cfg.Phones, PhoneSpec{Name: name})
	}
	return cfg
}

// newCloud is a cloud with machines that are none, and without ports.
func newCloud(t *testing.T, cfg Config) *Service {
	t.Helper()
	s := newService(cfg.withDefaults())
	for i, spec := range cfg.Phones {
		p := newPhone(s.cloud, spec, i+1)
		p.machine = &fakeMachine{files: map[string]string{}}
		s.phones = append(s.phones, p)
	}
	s.uploads = newUploads(t.TempDir(), 1)
	t.Cleanup(s.timers.end)
	return s
}

func (s *Service) named(t *testing.T, name string) *phone {
	t.Helper()
	for _, p := range s.phones {
		if p.spec.Name == name {
			return p
		}
	}
	t.Fatalf("no phone %s", name)
	return nil
}

func (p *phone) fake() *fakeMachine { return p.machine.(*fakeMachine) }

// pass lets time go by in a bubble, and what it brings happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// answer is what a client sees.
type answer struct {
	Code    int
	Msg     string
	TraceID string
	Data    struct {
		Total, Page, PageSize                  int
		TotalAmount, SuccessAmount, FailAmount int
		Items                                  []struct {
			ID, SerialName, IP, Port, Pwd string
			Status, Code                  int
		}
		SuccessDetails []struct {
			ID, SerialName, URL, ChargingMethod string
			Status                              int
		}
		FailDetails []struct {
			ID, Msg string
			Code    int
		}
		Output                 string
		Status                 any
		UploadURL, ResourceURL string
		TaskID                 string
	}
}

func request(api, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, api, strings.NewReader(body))
	r.Header.Set(headerTraceID, testTraceID)
	r.Header.Set("Authorization", "Bearer "+testToken)
	return r
}

func (s *Service) send(t *testing.T, r *http.Request) answer {
	t.Helper()
	return send(t, s.Handler(), r)
}

func send(t *testing.T, to http.Handler, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	to.ServeHTTP(w, r)
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%s: %d %s: %v", r.URL, w.Code, w.Body, err)
	}
	return a
}

// call makes a call about phones by their names; body holds their ids as %s,
// as a list of JSON strings.
func (s *Service) call(t *testing.T, api, body string, names ...string) answer {
	t.Helper()
	ids := make([]string, 0, len(names))
	for _, name := range names {
		id := name // Of no phone.
		if !strings.HasPrefix(name, "no-") {
			id = s.named(t, name).id
		}
		ids = append(ids, `"`+id+`"`)
	}
	return s.send(t, request(api, strings.ReplaceAll(body, "%s", strings.Join(ids, ","))))
}

const (
	idsBody   = `{"ids":[%s]}`
	openBody  = `{"ids":[%s],"open":true}`
	closeBody = `{"ids":[%s],"open":false}`
)

// must makes a call that has to go well.
func (s *Service) must(t *testing.T, api, body string, names ...string) answer {
	t.Helper()
	a := s.call(t, api, body, names...)
	if a.Code != 0 {
		t.Fatalf("%s %v: got %+v", path.Base(api), names, a)
	}
	return a
}

func (s *Service) statusOf(t *testing.T, name string) status {
	t.Helper()
	return status(s.must(t, apiStatus, idsBody, name).Data.SuccessDetails[0].Status)
}
