package custody_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/custody"
	"postfleet/internal/geelark/phonebook"
	"postfleet/internal/logging"
	sim "postfleet/internal/phonesim/geelark"
	"postfleet/internal/progress/filelock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "token-of-the-test"

// cloud is a simulated GeeLark with these phones, a thousand times as fast.
func cloud(t *testing.T, phones ...string) *sim.Service {
	t.Helper()
	cfg := sim.Config{
		APIAddress: "127.0.0.1:0", ControlAddress: "127.0.0.1:0", ADBHost: "127.0.0.1", Token: token,
		PortFirst: 23000, PortLast: 23099, Scale: 0.001,
	}
	for _, name := range phones {
		cfg.Phones = append(cfg.Phones, sim.PhoneSpec{Name: name})
	}
	service, err := sim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return service
}

func open(t *testing.T, dir string, worker int, service *sim.Service) *custody.Custody {
	t.Helper()
	c, err := custody.Open(custody.Config{
		DataDir: dir, Fleet: "f", Worker: worker, BaseURL: "http://" + service.APIAddress(),
		Credentials: geelark.Credentials{Token: token}, Pace: 5 * time.Millisecond, StopTimeout: time.Second,
	}, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// live holds the liveness lock of a worker until the returned function is called.
func live(t *testing.T, dir string, worker int) (die func()) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "workers"), 0o755); err != nil {
		t.Fatal(err)
	}
	lock, err := filelock.Hold(filepath.Join(dir, "workers", "worker-"+strconv.Itoa(worker)+".lock"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lock.Release() })
	return func() { _ = lock.Release() }
}

// start has a worker start a phone and forget about it.
func start(t *testing.T, c *custody.Custody, name string) {
	t.Helper()
	phone := geelark.NewPhone(geelark.PhoneConfig{Name: name, Pace: 5 * time.Millisecond}, c.Client, c.Book,
		logging.Discard())
	if _, err := phone.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// What the dead left is stopped; what the living have, and what nobody of this
// fleet started, is left alone.
func TestStopLeft(t *testing.T) {
	t.Parallel()
	dir, service := t.TempDir(), cloud(t, "a", "b", "c")
	die0 := live(t, dir, 0)
	live(t, dir, 1)
	start(t, open(t, dir, 0, service), "a")
	start(t, open(t, dir, 1, service), "b")
	die0()
	keeper := open(t, dir, phonebook.NoWorker, service)
	others := mustFind(t, keeper, "c").ID
	if _, err := keeper.Client.Start(t.Context(), geelark.StartOptions{}, others).One(others); err != nil {
		t.Fatal(err) // somebody else's
	}
	came, err := keeper.StopLeft(t.Context())
	if err != nil || len(came) != 2 || came[0].Err != nil || came[0].Held || !came[1].Held {
		t.Fatalf("got %+v, %v", came, err)
	}
	for name, want := range map[string]bool{"a": false, "b": true, "c": true} {
		if got := mustFind(t, keeper, name).Status.Billable(); got != want {
			t.Errorf("phone %s runs: got %v, want %v", name, got, want)
		}
	}
	if booked, err := custody.Booked(dir); err != nil || len(booked) != 1 || booked[0].Name != "b" {
		t.Errorf("in the book: got %+v, %v", booked, err)
	}
}

func mustFind(t *testing.T, c *custody.Custody, name string) geelark.Listed {
	t.Helper()
	phone, err := c.Client.Find(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return phone
}

// A phone that somebody else uses by now stays theirs, and is told of.
func TestStopLeftOfAnothers(t *testing.T) {
	t.Parallel()
	dir, service := t.TempDir(), cloud(t, "a", "b")
	worker := open(t, dir, 0, service)
	start(t, worker, "a")
	start(t, worker, "b")
	answer := httptest.NewRecorder()
	service.ControlHandler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/faults",
		strings.NewReader(`{"kind":"busy","phone":"a"}`)))
	if answer.Code >= http.StatusMultipleChoices {
		t.Fatal(answer.Body)
	}
	came, err := open(t, dir, phonebook.NoWorker, service).StopLeft(t.Context())
	if err != nil || len(came) != 2 {
		t.Fatalf("got %+v, %v", came, err)
	}
	if !errors.Is(came[0].Err, geelark.ErrInUse) || !errors.Is(came[0].Err, geelark.ErrStillRunning) {
		t.Errorf("busy phone: got %v", came[0].Err)
	}
	if came[1].Err != nil {
		t.Errorf("the other: got %v", came[1].Err)
	}
	if booked, _ := custody.Booked(dir); len(booked) != 1 || booked[0].Name != "a" {
		t.Errorf("in the book: got %+v", booked)
	}
}

// unwritable makes a file one that can be read and not be replaced, for root too:
// what would replace it had too long a name.
func unwritable(t *testing.T, path string) {
	t.Helper()
	long := filepath.Join(filepath.Dir(path), strings.Repeat("x", 250))
	if err := errors.Join(os.Rename(path, long), os.Symlink(long, path)); err != nil {
		t.Fatal(err)
	}
}

// On a full disk what the dead left is stopped all the same, and the living
// keep theirs; what was not struck from the book is told of.
func TestStopLeftOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir, service := t.TempDir(), cloud(t, "a", "b")
	live(t, dir, 1)
	start(t, open(t, dir, 0, service), "a")
	start(t, open(t, dir, 1, service), "b")
	unwritable(t, filepath.Join(dir, phonebook.FileName))
	keeper := open(t, dir, phonebook.NoWorker, service)
	came, err := keeper.StopLeft(t.Context())
	if err != nil || len(came) != 2 || came[0].Err == nil || !came[1].Held {
		t.Errorf("got %+v, %v", came, err)
	}
	for name, want := range map[string]bool{"a": false, "b": true} {
		if got := mustFind(t, keeper, name).Status.Billable(); got != want {
			t.Errorf("phone %s runs: got %v, want %v", name, got, want)
		}
	}
}

// By name or id, and several at the same time: each phone is stopped once.
func TestStopLeftByName(t *testing.T) {
	t.Parallel()
	dir, service := t.TempDir(), cloud(t, "a", "b")
	worker := open(t, dir, 0, service)
	start(t, worker, "a")
	start(t, worker, "b")
	done := make(chan []custody.Outcome, 2)
	for range 2 {
		c := open(t, dir, phonebook.NoWorker, service)
		go func() {
			came, err := c.StopLeft(context.WithoutCancel(t.Context()), "b")
			if err != nil {
				t.Error(err)
			}
			done <- came
		}()
	}
	if first, second := <-done, <-done; len(first)+len(second) != 1 {
		t.Errorf("got %+v and %+v, want one to have stopped it", first, second)
	}
	if booked, _ := custody.Booked(dir); len(booked) != 1 || booked[0].Name != "a" {
		t.Errorf("in the book: got %+v", booked)
	}
}
