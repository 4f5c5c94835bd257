//go:build integration

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	tcnetwork "github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"

	"postfleet/workerimage"
)

// The fourth group once more, without an orchestrator: three workers and their
// phones are started straight from the container contract, so that the ledger
// alone is what keeps them apart.
func TestIntegrationWorkersWithoutOrchestrator(t *testing.T) {
	t.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
	const workers = 3
	jobs := manyJobs(10, 5)
	f := newFleet(t, "alone", jobs)
	if out, err := f.command("seed", "--data-dir", f.dir).CombinedOutput(); err != nil {
		t.Fatalf("seed: %v: %s", err, out)
	}
	place := f.place(t)

	phones := make([]testcontainers.Container, workers)
	for n := range workers {
		phones[n] = start(t, place.Phone(n, phoneName(n), filepath.Join(f.dir, "sim"), accounts(5)),
			wait.ForHTTP("/healthz").WithPort("8099/tcp"))
	}
	fleet := make([]testcontainers.Container, workers)
	for n := range workers {
		spec, err := place.Worker(settings(n))
		if err != nil {
			t.Fatal(err)
		}
		fleet[n] = start(t, spec, nil)
	}
	for n, c := range fleet {
		if code := exitCode(t, c); code != workerimage.ExitDone {
			t.Errorf("worker %d: got exit code %d, want %d\n%s", n, code, workerimage.ExitDone, logs(t, c))
		}
	}
	writePosts(t, f, phones)
	f.mustBePostedOnce(jobs)
	if got := f.count("success"); got != len(jobs) {
		t.Errorf("success rows: got %d, want %d", got, len(jobs))
	}
	byWorker := map[string]int{}
	for _, row := range f.rows() {
		byWorker[row["worker_id"]]++
	}
	if len(byWorker) < 2 {
		t.Errorf("jobs by worker: got %v, want the work spread over at least 2", byWorker)
	}
}

func phoneName(n int) string { return "sim-" + strconv.Itoa(n) }

func accounts(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "acc_" + strconv.Itoa(i)
	}
	return names
}

// place prepares the data directory for the image's user and makes a network.
func (f *fleet) place(t *testing.T) workerimage.Place {
	t.Helper()
	net, err := tcnetwork.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	testcontainers.CleanupNetwork(t, net)
	for _, dir := range []string{"sim", "logs", "artifacts", "workers"} {
		if err := os.MkdirAll(filepath.Join(f.dir, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	const uid = 10001
	err = filepath.Walk(f.dir, func(path string, _ os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, uid)
	})
	if err != nil {
		t.Fatal(err)
	}
	return workerimage.Place{
		Fleet: f.name, Image: image, Network: net.Name, User: fmt.Sprintf("%d:%d", uid, uid),
		DataDir: f.dir, MediaDir: filepath.Join(f.dir, "media"), LogDir: filepath.Join(f.dir, "logs"),
		MemoryBytes: 768 << 20, PIDs: 256, StopTimeout: 30 * time.Second,
	}
}

func settings(n int) workerimage.Settings {
	return workerimage.Settings{
		Fleet:            "alone",
		WorkerID:         n,
		Device:           workerimage.Device{Name: phoneName(n), Address: fmt.Sprintf("e2e-alone-phone-%d:5555", n)},
		AppiumStartCmd:   "appium",
		AppiumPort:       4723 + 2*n,
		SystemPort:       8200 + 10*n,
		MJPEGPort:        8201 + 10*n,
		ChromedriverPort: 8202 + 10*n,
		Recipe:           "builtin:instagram-reel",
		MaxSteps:         30,
		MaxAttempts:      3,
		RetryDelay:       workerimage.Duration(time.Second),
		TimeZone:         "UTC",
		Proxy:            workerimage.Proxy{Timeout: workerimage.Duration(10 * time.Second), Attempts: 3},
		JobTimeout:       workerimage.Duration(2 * time.Minute),
		VerifyTimeout:    workerimage.Duration(30 * time.Second),
		DrainTimeout:     workerimage.Duration(3 * time.Minute),
	}
}

// start runs one container of the contract through testcontainers.
func start(t *testing.T, spec workerimage.Container, ready wait.Strategy) testcontainers.Container {
	t.Helper()
	ports := make([]string, len(spec.Ports))
	for i, p := range spec.Ports {
		ports[i] = strconv.Itoa(p.ContainerPort) + "/tcp"
	}
	binds := make([]string, len(spec.Mounts))
	for i, m := range spec.Mounts {
		binds[i] = m.Source + ":" + m.Target
		if m.ReadOnly {
			binds[i] += ":ro"
		}
	}
	c, err := testcontainers.GenericContainer(t.Context(), testcontainers.GenericContainerRequest{
		Started: true,
		ContainerRequest: testcontainers.ContainerRequest{
			Name: spec.Name, Image: spec.Image, Cmd: spec.Command, Env: spec.Env,
			User: spec.User, Networks: []string{spec.Network}, ExposedPorts: ports, WaitingFor: ready,
			HostConfigModifier: func(hc *container.HostConfig) {
				hc.Binds = binds
				hc.Tmpfs = map[string]string{workerimage.HomeDir: "mode=1777"}
				hc.ReadonlyRootfs = true
				init := true
				hc.Init = &init
			},
			EndpointSettingsModifier: func(map[string]*network.EndpointSettings) {},
		},
	})
	testcontainers.CleanupContainer(t, c)
	if err != nil {
		t.Fatalf("start %s: %v", spec.Name, err)
	}
	return c
}

// exitCode waits for the container to end by itself.
func exitCode(t *testing.T, c testcontainers.Container) int {
	t.Helper()
	code := -1
	eventually(t, "a worker ends", func() bool {
		state, err := c.State(t.Context())
		if err != nil || state.Running {
			return false
		}
		code = state.ExitCode
		return true
	})
	return code
}

func logs(t *testing.T, c testcontainers.Container) string {
	t.Helper()
	r, err := c.Logs(context.WithoutCancel(t.Context()))
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	b, _ := io.ReadAll(r)
	return string(b)
}

// writePosts gathers the phones' posts as the orchestrator would.
func writePosts(t *testing.T, f *fleet, phones []testcontainers.Container) {
	t.Helper()
	var all []post
	for _, phone := range phones {
		url, err := phone.PortEndpoint(t.Context(), "8099/tcp", "http")
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.Get(url + "/posts") //nolint:noctx // a test's own phone on loopback
		if err != nil {
			t.Fatal(err)
		}
		var posts []post
		err = json.NewDecoder(resp.Body).Decode(&posts)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, posts...)
	}
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, "posts.json"), b, 0o644); err != nil {
		t.Fatal(err)
	}
}
