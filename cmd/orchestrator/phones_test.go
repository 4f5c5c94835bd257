package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/custody"
	"postfleet/internal/logging"
	sim "postfleet/internal/phonesim/geelark"
	"postfleet/internal/progress/filelock"
	"postfleet/workerimage"
)

const cloudToken = "planted-token-8261"

// rented is a world on a simulated cloud, in which the workers 0, who is dead,
// and 7, who lives, have each started a phone.
func rented(t *testing.T, jobsCSV string) *world {
	t.Helper()
	service, err := sim.New(sim.Config{
		APIAddress: "127.0.0.1:0", ControlAddress: "127.0.0.1:0", ADBHost: "127.0.0.1", Token: cloudToken,
		PortFirst: 24000, PortLast: 24099, Scale: 0.001, Phones: []sim.PhoneSpec{{Name: "shop_a"}, {Name: "shop_b"}},
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
	w := newWorld(t, jobsCSV)
	w.app.environ = []string{
		"GEELARK_TOKEN=" + cloudToken, "POSTFLEET_GEELARK_BASE_URL=http://" + service.APIAddress(),
		"POSTFLEET_GEELARK_POLL_EVERY=10ms",
	}
	if err := os.MkdirAll(w.path("data/workers"), 0o755); err != nil {
		t.Fatal(err)
	}
	w.rent(service, 0, "shop_a")
	w.rent(service, 7, "shop_b")
	lock, err := filelock.Hold(w.path("data/workers/worker-7.lock"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lock.Release() })
	return w
}

// rent has a worker start a phone, and forget it.
func (w *world) rent(service *sim.Service, worker int, name string) {
	w.t.Helper()
	account, err := custody.Open(custody.Config{
		DataDir: w.path("data"), Fleet: "test", Worker: worker, BaseURL: "http://" + service.APIAddress(),
		Credentials: geelark.Credentials{Token: cloudToken},
	}, logging.Discard())
	if err != nil {
		w.t.Fatal(err)
	}
	defer account.Close() //nolint:errcheck // the test goes on without it
	cfg := geelark.PhoneConfig{Name: name, Pace: 10 * time.Millisecond}
	phone := geelark.NewPhone(cfg, account.Client, account.Book, logging.Discard())
	if _, err := phone.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) listed() []phoneJSON {
	w.t.Helper()
	w.must("phones", "list", "--json")
	var all []phoneJSON
	if err := json.Unmarshal([]byte(w.out.String()), &all); err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestPhones(t *testing.T) {
	t.Parallel()
	w := rented(t, "")
	w.must("phones", "list")
	w.mustHold("list", w.out.String(), "shop_a", "shop_b", "running")
	if all := w.listed(); len(all) != 2 || all[0].Held || !all[1].Held || *all[1].Worker != 7 {
		t.Errorf("got %+v", all)
	}
	if code := w.run("phones", "stop"); code != workerimage.ExitUsage {
		t.Errorf("stop which? got exit code %d", code)
	}
	if code := w.run("phones", "stop", "shop_c"); code != workerimage.ExitUsage {
		t.Errorf("stop another's: got exit code %d", code)
	}
	if code := w.run("phones", "stop", "--all"); code != workerimage.ExitError {
		t.Errorf("stop all: got exit code %d", code)
	}
	w.mustHold("output", w.out.String(), "shop_a is off")
	w.mustHold("errors", w.err.String(), "shop_b: worker 7 holds it")
	if all := w.listed(); len(all) != 1 || all[0].Name != "shop_b" {
		t.Errorf("got %+v", all)
	}
}

// What cannot be stopped is said with names and the mend, also without an engine.
func TestStopTellsOfPhones(t *testing.T) {
	t.Parallel()
	w := rented(t, twoJobs)
	w.must("seed")
	environ := w.app.environ
	w.app.environ = environ[1:]
	if code := w.run("stop"); code != workerimage.ExitError {
		t.Errorf("without credentials: got exit code %d", code)
	}
	w.mustHold("errors", w.err.String(),
		"may be running still", "shop_a", "set GEELARK_TOKEN", "orchestrator phones stop")
	w.write("data/.secrets/"+workerimage.SecretGeelarkToken, cloudToken) // a killed orchestrator left it
	w.must("stop")
	if all := w.listed(); len(all) != 1 || all[0].Name != "shop_b" {
		t.Errorf("got %+v", all)
	}
	if strings.Contains(w.out.String()+w.err.String(), cloudToken) {
		t.Error("the output holds the token")
	}
}

// A launch after a crash stops what the dead left, also with no job to do.
func TestLaunchStopsLeftPhones(t *testing.T) {
	t.Parallel()
	const noJobs = "account_name,video_path,caption\n"
	for name, jobs := range map[string]string{"nothing to do": noJobs, "two jobs": twoJobs} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rented(t, jobs)
			w.must("launch")
			if all := w.listed(); len(all) != 1 || all[0].Name != "shop_b" {
				t.Errorf("got %+v", all)
			}
			if exists(filepath.Join(w.dir, "data/.secrets")) {
				t.Error("secrets are left")
			}
		})
	}
}

// doctor asks the account, tells of phones that are missing or were left on, and
// shows no secret.
func TestDoctorAsksTheAccount(t *testing.T) {
	t.Parallel()
	w := rented(t, twoJobs+"shop_c,a.mp4,three\n")
	w.write("fleet.yaml", "fleet: test\ndevices: [{name: c, connect: \"geelark://by-account\"}]\n")
	w.app.newExamined = func() (examined, error) { return nil, errors.New("no engine here") }
	w.run("doctor")
	w.mustHold("findings", w.out.String(), "no phone named shop_c", "shop_a may have been left on")
	w.app.environ[0] = "GEELARK_TOKEN=wrong-" + cloudToken
	w.run("doctor")
	w.mustHold("findings", w.out.String(), "the account does not name its phones")
	if strings.Contains(w.out.String()+w.err.String(), cloudToken) {
		t.Error("the output holds the token")
	}
}

// A launch that cannot stop what was left says which, and exits with 1, whatever
// came of the jobs.
func TestLaunchTellsOfPhones(t *testing.T) {
	t.Parallel()
	w := rented(t, twoJobs)
	w.app.environ[0] = "GEELARK_TOKEN=not-the-one"
	if code := w.run("launch"); code != workerimage.ExitError {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitError)
	}
	w.mustHold("output", w.out.String(), "2 jobs: 2 success")
	w.mustHold("errors", w.err.String(), "cloud phones may be running still", "shop_a", "phones stop --all")
}
