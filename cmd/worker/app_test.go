package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/worker"
	"postfleet/workerimage"
)

// TestMain overlooks the one goroutine that lumberjack never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun"))
}

// newApp is a command line in a directory of its own, with these settings.
func newApp(t *testing.T, settings string) (a *app, stderr *bytes.Buffer) {
	t.Helper()
	dir := t.TempDir()
	stderr = &bytes.Buffer{}
	a = &app{
		stdout: &bytes.Buffer{}, stderr: stderr,
		getenv: func(key string) string {
			if key == workerimage.EnvSettings {
				return settings
			}
			return ""
		},
		signals: make(chan os.Signal), exit: func(code int) { t.Errorf("exit %d", code) },
		places: places{
			data: filepath.Join(dir, "data"), logs: filepath.Join(dir, "logs"), secrets: filepath.Join(dir, "secrets"),
			home: filepath.Join(dir, "home"), appiumAddress: "127.0.0.1", adbPort: 1,
		},
	}
	for _, d := range []string{a.places.data, a.places.logs, a.places.secrets, a.places.home} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return a, stderr
}

func goodSettings() workerimage.Settings {
	return workerimage.Settings{
		Fleet: "test", WorkerID: 3, Recipe: "builtin:instagram-reel", TimeZone: "Europe/Berlin",
		Device:         workerimage.Device{Name: "sim-3", Address: "127.0.0.1:1", Accounts: []string{"a"}},
		AppiumStartCmd: "appium", AppiumPort: 4729, SystemPort: 8230, MaxAttempts: 3,
		JobTimeout: workerimage.Duration(time.Minute), MaxPostsPerDay: 2,
	}
}

func encode(t *testing.T, s workerimage.Settings) string {
	t.Helper()
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for class, want := range map[fault.Class]int{
		fault.Unclassified: workerimage.ExitError, fault.Infra: workerimage.ExitError,
		fault.Device: workerimage.ExitDevice, fault.Human: workerimage.ExitHuman,
		fault.Account: workerimage.ExitError, fault.Content: workerimage.ExitError,
		fault.Input: workerimage.ExitUsage, fault.OutcomeUnknown: workerimage.ExitError,
		fault.Appium: workerimage.ExitAppium, fault.Ledger: workerimage.ExitLedger,
	} {
		err := fmt.Errorf("more: %w", fault.Mark(class, errors.New("x")))
		if got := exitCode(errors.Join(err, nil), true); got != want {
			t.Errorf("class %v: got %d, want %d", class, got, want)
		}
	}
	fleet := fault.Errorf(fault.Human, "%w: no credit", worker.ErrFleet)
	if got := exitCode(errors.Join(fleet, nil), true); got != workerimage.ExitHuman || !lastWords(fleet).Fleet {
		t.Errorf("the fleet needs a person: got %d, %q", got, lastWords(fleet))
	}
	if words := lastWords(fault.Errorf(fault.Human, "expired")); words.Fleet {
		t.Errorf("one phone needs a person: got %q", words)
	}
	if got := exitCode(nil, true); got != workerimage.ExitDone {
		t.Errorf("nil: got %d", got)
	}
	if got := exitCode(errors.New("unknown flag"), false); got != workerimage.ExitUsage {
		t.Errorf("usage: got %d", got)
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	bad := goodSettings()
	bad.Recipe = "builtin:none"
	zone := goodSettings()
	zone.TimeZone = "Nowhere/Town"
	proxy := goodSettings()
	proxy.Proxy.Required = true
	cloud := goodSettings()
	cloud.Device.CloudPhone = workerimage.ByAccount
	for _, tt := range []struct {
		name, settings string
		args           []string
		code           int
		text           string
	}{
		{"no command", "", nil, workerimage.ExitUsage, "name a command"},
		{"unknown command", "", []string{"walk"}, workerimage.ExitUsage, "walk"},
		{"unknown flag", "", []string{"run", "--fast"}, workerimage.ExitUsage, "--fast"},
		{"no settings", "", []string{"run"}, workerimage.ExitUsage, workerimage.EnvSettings},
		{"settings of another version", `{"new_key":1}`, []string{"run"}, workerimage.ExitUsage, "new_key"},
		{"no such recipe", encode(t, bad), []string{"run"}, workerimage.ExitUsage, "builtin:none"},
		{"no such time zone", encode(t, zone), []string{"run"}, workerimage.ExitUsage, "Nowhere/Town"},
		{"no proxy secret", encode(t, proxy), []string{"run"}, workerimage.ExitUsage, workerimage.SecretProxyURL},
		{"no credentials", encode(t, cloud), []string{"run"}, workerimage.ExitUsage, workerimage.SecretGeelarkToken},
		{"no ledger", encode(t, goodSettings()), []string{"run"}, workerimage.ExitLedger, "seed it first"},
		{"no worker to ask", "", []string{"healthcheck"}, workerimage.ExitError, "ask worker"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, stderr := newApp(t, tt.settings)
			if got := a.run(t.Context(), tt.args); got != tt.code {
				t.Errorf("got exit code %d, want %d", got, tt.code)
			}
			if !strings.Contains(stderr.String(), tt.text) {
				t.Errorf("got %q, want %q in it", stderr, tt.text)
			}
		})
	}
}

// TestFailureIsInTheLogFile: a container's stderr is gone with it.
func TestFailureIsInTheLogFile(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t, encode(t, goodSettings()))
	a.run(t.Context(), []string{"run"})
	text, err := os.ReadFile(filepath.Join(a.places.logs, "worker-3.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var last map[string]any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if last["worker_id"] != "3" || last["error_class"] != "ledger" ||
		last["exit_code"] != float64(workerimage.ExitLedger) {
		t.Errorf("got %v", last)
	}
}

// TestWorkerConfig: what the orchestrator decided reaches the worker.
func TestWorkerConfig(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t, "")
	s := goodSettings()
	s.Device.ReservedAccounts = []string{"b"}
	got, err := a.workerConfig(s)
	if err != nil {
		t.Fatal(err)
	}
	terms := got.Terms
	if got.ID != "3" || got.Device != "sim-3" || got.JobTimeout != time.Minute || got.MaxAttempts != 3 ||
		len(terms.Only) != 1 || len(terms.Reserved) != 1 || terms.DailyCap != 2 ||
		terms.Location.String() != "Europe/Berlin" {
		t.Errorf("got %+v", got)
	}
}

func TestRotator(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t, "")
	none, err := a.rotator(workerimage.Proxy{})
	if err != nil || none != nil {
		t.Fatalf("got %v, %v, want no rotator without a secret", none, err)
	}
	secret := filepath.Join(a.places.secrets, workerimage.SecretProxyURL)
	if err := os.WriteFile(secret, []byte("http://127.0.0.1:1/rotate\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := a.rotator(workerimage.Proxy{Required: true}); err != nil || got == nil {
		t.Errorf("got %v, %v, want a rotator", got, err)
	}
	// A device's own is another file, and the fleet's no substitute for it.
	own := workerimage.Proxy{Required: true, Secret: workerimage.SecretProxyURLOf("lab-1")}
	if _, err := a.rotator(own); !fault.Is(err, fault.Input) {
		t.Errorf("own URL: got %v, want class input", err)
	}
	if err := os.Rename(secret, filepath.Join(a.places.secrets, own.Secret)); err != nil {
		t.Fatal(err)
	}
	if got, err := a.rotator(own); err != nil || got == nil {
		t.Errorf("own URL: got %v, %v, want a rotator", got, err)
	}
}

// TestHealthcheck asks a worker that is not well.
func TestHealthcheck(t *testing.T) {
	t.Parallel()
	a, stderr := newApp(t, "")
	listener, err := net.Listen("unix", a.places.healthSocket())
	if err != nil {
		t.Fatal(err)
	}
	problems := make(chan string, 2)
	problems <- `[]`
	problems <- `["adb: phone is offline"]`
	server := &http.Server{
		ReadHeaderTimeout: time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"state":"working","problems":%s,
				"parts":[{"name":"adb","problem":"phone is offline","since":"2026-01-02T03:04:05Z"}]}`, <-problems)
		}),
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	defer func() {
		_ = server.Close()
		<-done
	}()
	if got := a.run(t.Context(), []string{"healthcheck"}); got != workerimage.ExitDone {
		t.Errorf("got exit code %d, %s, want 0", got, stderr)
	}
	if got := a.run(t.Context(), []string{"healthcheck"}); got != workerimage.ExitError {
		t.Errorf("got exit code %d, want 1", got)
	}
	if !strings.Contains(stderr.String(), "phone is offline") {
		t.Errorf("got %q, want the problem", stderr)
	}
	const line = "adb: phone is offline, since 2026-01-02T03:04:05Z"
	if out := fmt.Sprint(a.stdout); !strings.Contains(out, line) {
		t.Errorf("got %q, want %q for the health log", out, line)
	}
}

// seedLedger makes a ledger with one job.
func seedLedger(t *testing.T, dir string) *fileledger.Ledger {
	t.Helper()
	l, err := fileledger.Open(dir, fileledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	_, err = l.Seed(t.Context(), []jobs.PostJob{{ID: 1, Account: "a", Video: "v.mp4", Caption: "c"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
