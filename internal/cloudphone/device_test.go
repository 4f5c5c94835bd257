package cloudphone_test

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

	"postfleet/internal/cloudphone"
	"postfleet/internal/device"
	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/custody"
	"postfleet/internal/geelark/phonebook"
	"postfleet/internal/logging"
	sim "postfleet/internal/phonesim/geelark"
	"postfleet/internal/progress/filelock"
	"postfleet/internal/worker"
)

func TestMain(m *testing.M) {
	// The log file's rotation never ends its one goroutine, not even on Close.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun"))
}

const (
	token = "token-of-the-test"
	pace  = 5 * time.Millisecond
)

// cloud is a simulated GeeLark with the phones a, b and c, and a data directory.
type cloud struct {
	t       *testing.T
	service *sim.Service
	dir     string
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	service, err := sim.New(sim.Config{
		APIAddress: "127.0.0.1:0", ControlAddress: "127.0.0.1:0", ADBHost: "127.0.0.1", Token: token,
		PortFirst: 25000, PortLast: 25099, Scale: 0.001,
		Phones: []sim.PhoneSpec{{Name: "a"}, {Name: "b"}, {Name: "c"}},
	})
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
	return &cloud{t: t, service: service, dir: t.TempDir()}
}

// fault has the cloud misbehave; "" ends all that.
func (c *cloud) fault(body string) {
	c.t.Helper()
	method := http.MethodPost
	if body == "" {
		method = http.MethodDelete
	}
	answer := httptest.NewRecorder()
	c.service.ControlHandler().ServeHTTP(answer,
		httptest.NewRequestWithContext(c.t.Context(), method, "/faults", strings.NewReader(body)))
	if answer.Code >= http.StatusMultipleChoices {
		c.t.Fatal(answer.Body)
	}
}

// device is that of a worker; name "" is by account.
func (c *cloud) device(n int, name string) *cloudphone.Device {
	c.t.Helper()
	account, err := custody.Open(custody.Config{
		DataDir: c.dir, Fleet: "f", Worker: n, BaseURL: "http://" + c.service.APIAddress(),
		Credentials: geelark.Credentials{Token: token},
	}, logging.Discard())
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = account.Close() })
	rent := func(name string) *geelark.Phone {
		cfg := geelark.PhoneConfig{Name: name, Pace: pace, StopTimeout: time.Second}
		return geelark.NewPhone(cfg, account.Client, account.Book, logging.Discard())
	}
	return cloudphone.New(cloudphone.Config{
		Name: name, HeldPatience: time.Second, HeldPoll: 50 * time.Millisecond, Device: device.Config{},
		RentFunc: rent, LeftFunc: func() ([]*geelark.Phone, error) {
			own, err := account.Own()
			var phones []*geelark.Phone
			for _, e := range own {
				phones = append(phones, rent(e.Name))
				phones[len(phones)-1].Adopt(e.ID)
			}
			return phones, err
		},
	}, logging.Discard())
}

// live holds the liveness lock of a worker until the returned function is called.
func (c *cloud) live(n int) (die func()) {
	c.t.Helper()
	if err := os.MkdirAll(filepath.Join(c.dir, "workers"), 0o755); err != nil {
		c.t.Fatal(err)
	}
	lock, err := filelock.Hold(filepath.Join(c.dir, "workers", "worker-"+strconv.Itoa(n)+".lock"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = lock.Release() })
	return func() { _ = lock.Release() }
}

// wantOn compares the phones in the book, which are those that may be on.
func (c *cloud) wantOn(names ...string) {
	c.t.Helper()
	booked, err := custody.Booked(c.dir)
	if err != nil || len(booked) != len(names) {
		c.t.Fatalf("got %+v, %v; want %v", booked, err, names)
	}
	for i, b := range booked {
		if b.Name != names[i] {
			c.t.Errorf("got %+v, want %v", booked, names)
		}
	}
}

// The phone follows the account, and one at a time is on.
func TestByAccount(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d := c.device(0, "")
	for _, step := range []struct {
		account string
		fresh   bool
	}{{"a", true}, {"a", false}, {"b", true}} {
		fresh, err := d.Start(t.Context(), step.account)
		if err != nil || fresh != step.fresh || d.Account() != step.account {
			t.Fatalf("%s: got %v, %v, account %q", step.account, fresh, err, d.Account())
		}
		c.wantOn(step.account)
	}
	for range 2 {
		if err := d.Stop(t.Context()); err != nil || d.Account() != "" {
			t.Errorf("got %v, account %q", err, d.Account())
		}
	}
	c.wantOn()
}

// One phone is good for all accounts.
func TestByName(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d := c.device(0, "b")
	for i, account := range []string{"x", "y"} {
		if fresh, err := d.Start(t.Context(), account); err != nil || fresh != (i == 0) || d.Account() != "" {
			t.Fatalf("got %v, %v, account %q", fresh, err, d.Account())
		}
	}
	c.wantOn("b")
	if err := d.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// What the service refuses is the fleet's, the account's or the phone's trouble.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, fault, phone string
		byAccount, byName  fault.Class
		fleet              bool
	}{
		{"no credit", `{"kind":"no_balance"}`, "a", fault.Human, fault.Human, true},
		{"expired", `{"kind":"expired"}`, "a", fault.Account, fault.Human, false},
		{"proxy down", `{"kind":"proxy_down"}`, "a", fault.Account, fault.Human, false},
		{"in use", `{"kind":"busy"}`, "a", fault.Device, fault.Device, false},
		{"none of that name", "", "z", fault.Account, fault.Human, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			if tt.fault != "" {
				c.fault(tt.fault)
			}
			for n, name := range []string{"", tt.phone} {
				_, err := c.device(n, name).Start(t.Context(), tt.phone)
				want := tt.byAccount
				if name != "" {
					want = tt.byName
				}
				if !fault.Is(err, want) || errors.Is(err, worker.ErrFleet) != tt.fleet {
					t.Errorf("phone %q: got %v of class %s, want %s", name, err, fault.Of(err), want)
				}
			}
			c.wantOn()
		})
	}
}

// A phone that another worker holds is waited for; it then is stopped and
// started anew, as nobody knows what was left on it.
func TestHeldPhone(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	die := c.live(0)
	if _, err := c.device(0, "").Start(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	_, err := c.device(1, "").Start(t.Context(), "a")
	if !errors.Is(err, phonebook.ErrHeld) || !errors.Is(err, worker.ErrHeld) {
		t.Errorf("the living's: got %v of class %s", err, fault.Of(err))
	}
	time.AfterFunc(100*time.Millisecond, die)
	second := c.device(1, "")
	if fresh, err := second.Start(t.Context(), "a"); err != nil || !fresh {
		t.Errorf("the dead's: got %v, %v", fresh, err)
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	c.wantOn()
}

// A phone that could not be stopped stays in the book, is no reason not to start
// the next one, and is tried again.
func TestStopThatFails(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d := c.device(0, "")
	if _, err := d.Start(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	c.fault(`{"kind":"code","api":"/open/v1/phone/stop","code":50000}`)
	if _, err := d.Start(t.Context(), "b"); err != nil {
		t.Errorf("the next phone: got %v", err)
	}
	c.wantOn("a", "b")
	if err := d.Stop(t.Context()); !errors.Is(err, geelark.ErrStillRunning) {
		t.Errorf("got %v", err)
	}
	c.fault("")
	if err := d.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	c.wantOn()
}

// A worker that was killed and made anew before anybody had stopped its phone is
// alive again in the eyes of all: it stops what it left itself, whatever its next
// job is, or when there is none. Others keep theirs.
func TestFormerLife(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"b", "a", ""} {
		t.Run("next "+next, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			if _, err := c.device(1, "").Start(t.Context(), "c"); err != nil {
				t.Fatal(err)
			}
			c.live(0)
			c.live(1)
			if _, err := c.device(0, "").Start(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
			again := c.device(0, "")
			if next != "" {
				if _, err := again.Start(t.Context(), next); err != nil {
					t.Error(err)
				}
				c.wantOn(next, "c")
			}
			if err := again.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			c.wantOn("c")
		})
	}
}

// A start that is given up leaves no phone on.
func TestStartGivenUp(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.fault(`{"kind":"slow_start","delay_ms":60000}`)
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(200*time.Millisecond, func() { cancel(worker.ErrCancelled) })
	d := c.device(0, "")
	if _, err := d.Start(ctx, "a"); !errors.Is(err, worker.ErrCancelled) {
		t.Errorf("got %v", err)
	}
	c.wantOn()
	if err := d.Connect(t.Context()); !errors.Is(err, device.ErrNotConnected) {
		t.Errorf("connect without a phone: got %v", err)
	}
	if err := errors.Join(d.Check(t.Context()), d.Close(t.Context()), d.Stop(t.Context())); err != nil {
		t.Error(err)
	}
}
