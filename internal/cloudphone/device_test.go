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
