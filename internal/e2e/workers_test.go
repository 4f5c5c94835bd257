//go:build integration

package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/testcontainers/testcontainers-go"
	tcnetwork "github.com/testcontainers/testcontainers-go/network"

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

	for n := range workers {
		start(t, place.Phone(n, phoneName(n), filepath.Join(f.dir, "sim"), accounts(5)))
		eventually(t, "phone "+strconv.Itoa(n)+" is on", func() bool {
			return control(t.Context(), n, http.MethodGet, "/healthz", "", nil) == nil
		})
	}
	fleet := make([]testcontainers.Container, workers)
	for n := range workers {
		spec, err := place.Worker(settings(n))
		if err != nil {
			t.Fatal(err)
		}
		fleet[n] = start(t, spec)
	}
	for n, c := range fleet {
		if code := exitCode(t, c); code != workerimage.ExitDone {
			t.Errorf("worker %d: got exit code %d, want %d\n%s", n, code, workerimage.ExitDone, logs(t, c))
		}
	}
	f.gatherPosts(workers)
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
func start(t *testing.T, spec workerimage.Container) testcontainers.Container {
	t.Helper()
	ports := make([]string, len(spec.Ports))
	for i, p := range spec.Ports {
		ports[i] = fmt.Sprintf("%s:%d:%d/tcp", p.HostIP, p.HostPort, p.ContainerPort)
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
			User: spec.User, Networks: []string{spec.Network}, ExposedPorts: ports,
			HostConfigModifier: func(hc *container.HostConfig) {
				hc.Binds = binds
				hc.Tmpfs = map[string]string{workerimage.HomeDir: "mode=1777"}
				hc.ReadonlyRootfs = true
				if spec.HostGateway != "" {
					hc.ExtraHosts = []string{spec.HostGateway + ":host-gateway"}
				}
				init := true
				hc.Init = &init
			},
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
	defer func() { _ = r.Close() }()
	b, _ := io.ReadAll(r)
	return string(b)
}
