package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/config"
	"postfleet/internal/fault"
)

const samples = "../../testdata/config"

func TestGoodFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(samples, "*.good.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d good files, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			if _, err := config.Load(config.Options{Path: file}); err != nil {
				t.Errorf("got %v, want no problem", err)
			}
		})
	}
}

// TestBadFiles holds each file against the problems that its first lines name:
// these and no others.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(samples, "*.bad.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d bad files, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(config.Options{Path: file})
			if !fault.Is(err, fault.Input) {
				t.Fatalf("got %v of class %v, want class input", err, fault.Of(err))
			}
			got := strings.Split(err.Error(), "\n")
			want := wanted(t, file)
			slices.Sort(got)
			if strings.HasPrefix(filepath.Base(file), "not-yaml") {
				if !strings.HasSuffix(strings.SplitAfter(got[0], want[0])[0], want[0]) {
					t.Errorf("got %q, want it to hold %q", got[0], want[0])
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func wanted(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(b)) {
		if text, ok := strings.CutPrefix(line, "# want: "); ok {
			want = append(want, filepath.Base(file)+": "+strings.TrimSpace(text))
		}
	}
	if len(want) == 0 {
		t.Fatalf("%s names no problem", file)
	}
	slices.Sort(want)
	return want
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "num_workers: 1\nfleet: from-file\ndata_dir: from-file\n"+twoDevices)
	got, err := config.Load(config.Options{
		Path:    file,
		Environ: []string{"POSTFLEET_FLEET=from-env", "POSTFLEET_DATA_DIR=from-env", "POSTFLEET_RESTART_MAX=7"},
		Flags:   []config.Override{{Flag: "--data-dir", Key: "data_dir", Value: "from-flag"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.NumWorkers, want.Fleet, want.DataDir, want.Restart.Max = 1, "from-env", "from-flag", 7
	want.Devices = got.Devices
	if diff := cmp.Diff(want, got.Config); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

// TestEnvironmentSetsEveryKey gives every key through its variable.
func TestEnvironmentSetsEveryKey(t *testing.T) {
	t.Parallel()
	full, err := config.Load(config.Options{Path: filepath.Join(samples, "full.good.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	environ := []string{
		"POSTFLEET_FLEET=shop-eu", "POSTFLEET_NUM_WORKERS=2", "POSTFLEET_APPIUM_START_CMD=/opt/appium/bin/appium",
		"POSTFLEET_APPIUM_ARGS=[--log-timestamp]", "POSTFLEET_BASE_APPIUM_PORT=14723", "POSTFLEET_APPIUM_PORT_STEP=3",
		"POSTFLEET_SYSTEM_PORT_BASE=18200", "POSTFLEET_SYSTEM_PORT_BLOCK_SIZE=5", "POSTFLEET_DATA_DIR=./campaign",
		"POSTFLEET_LOG_DIR=./campaign-logs", "POSTFLEET_TIME_ZONE=Europe/Berlin",
		`POSTFLEET_DEVICES=[{name: lab-1, connect: "tcp://192.0.2.7:5555", accounts: [shop_a, shop_b]},` +
			`{name: lab-2, connect: "tcp://[2001:db8::7]:5555"}]`,
		"POSTFLEET_RESTART_MAX=0", "POSTFLEET_RESTART_WINDOW=5m", "POSTFLEET_RESTART_BACKOFF=2s",
		"POSTFLEET_RESTART_BACKOFF_MAX=30s", "POSTFLEET_RESTART_HEALTHY_AFTER=2m",
		"POSTFLEET_RETRY_MAX_ATTEMPTS=1", "POSTFLEET_RETRY_DELAY=0s", "POSTFLEET_SHUTDOWN_GRACE=10s",
		"POSTFLEET_ACCOUNTS_MAX_POSTS_PER_DAY=3",
		"POSTFLEET_PROXY_ROTATE_URL=https://user:hunter2@proxy.example/rotate", "POSTFLEET_PROXY_TIMEOUT=5s",
		"POSTFLEET_PROXY_ATTEMPTS=2", "POSTFLEET_PROXY_REQUIRED=true", "POSTFLEET_RECIPE=builtin:instagram-reel",
		"POSTFLEET_NAVIGATOR_MODE=recipe", "POSTFLEET_NAVIGATOR_MODEL=some-model", "POSTFLEET_NAVIGATOR_MAX_STEPS=40",
		"POSTFLEET_NAVIGATOR_MAX_CALLS_PER_JOB=1", "POSTFLEET_NAVIGATOR_MAX_COST_USD_PER_JOB=0.5",
		"POSTFLEET_NAVIGATOR_MAX_COST_USD_PER_RUN=1", "POSTFLEET_DOCKER_IMAGE=registry.example/worker:1.2",
		"POSTFLEET_DOCKER_NETWORK=lab", "POSTFLEET_DOCKER_MEMORY=1g", "POSTFLEET_DOCKER_CPUS=1.5",
		"POSTFLEET_DOCKER_PIDS=512", "POSTFLEET_DASHBOARD_LISTEN=127.0.0.1:9000",
	}
	if got, want := len(environ), len(config.Keys()); got != want {
		t.Errorf("got %d variables, want one for each of %d keys", got, want)
	}
	got, err := config.Load(config.Options{Path: writeFile(t, ""), Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(full.Config, got.Config); diff != "" {
		t.Errorf("config from the environment (-want +got):\n%s", diff)
	}
}

func TestSourceIsNamed(t *testing.T) {
	t.Parallel()
	_, err := config.Load(config.Options{
		Path:    writeFile(t, "fleet: UPPER\n"+twoDevices),
		Environ: []string{"POSTFLEET_RESTART_MAX=-1", "POSTFLEET_DOCKER_PIDS=[", "POSTFLEET_WORKER={}"},
		Flags:   []config.Override{{Flag: "--workers", Key: "num_workers", Value: 9}},
	})
	for _, want := range []string{
		"fleet.yaml: fleet: ", "POSTFLEET_RESTART_MAX: restart.max: ", "--workers: num_workers: ",
		"POSTFLEET_DOCKER_PIDS: docker.pids: is not YAML",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to hold %q", err, want)
		}
	}
	if got, want := len(config.Problems(err)), 4; got != want {
		t.Errorf("got %d problems, want %d: %v", got, want, err)
	}
}

func TestIgnored(t *testing.T) {
	t.Parallel()
	got, err := config.Load(config.Options{
		Path: filepath.Join(samples, "spare-device.good.yaml"),
		Environ: []string{
			"POSTFLEET_DASHBOARD_LISTEN=:1", "POSTFLEET_NUM_WORKRES=3", "POSTFLEET_WORKER={}", "POSTFLEET_DATA=/",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"POSTFLEET_DASHBOARD_LISTEN: dashboard.listen: has no effect in this version",
		"spare-device.good.yaml: devices[1]: spare is not used: num_workers is 1",
		"spare-device.good.yaml: devices[1].udid: has no effect: " +
			"a device reached by tcp://192.0.2.8:5555 is known by its address",
		"POSTFLEET_NUM_WORKRES: is no key's variable: did you mean POSTFLEET_NUM_WORKERS?",
	}
	if diff := cmp.Diff(want, got.Ignored()); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
}

func TestSimulate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file string
		flags      []config.Override
		want       []config.Device
	}{
		{"nothing said", "", nil, []config.Device{
			{Name: "sim-0", Connect: "sim"}, {Name: "sim-1", Connect: "sim"}, {Name: "sim-2", Connect: "sim"},
		}},
		{"one for each device", "devices: [{name: cloud, connect: geelark://x, accounts: [a]}]", nil, []config.Device{
			{Name: "sim-0", Connect: "sim", Accounts: []string{"a"}},
		}},
		{"by flag", "", []config.Override{{Flag: "--workers", Key: "num_workers", Value: 1}}, []config.Device{
			{Name: "sim-0", Connect: "sim"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(config.Options{Path: writeFile(t, tt.file), Flags: tt.flags, Simulate: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Devices); diff != "" {
				t.Errorf("devices (-want +got):\n%s", diff)
			}
			if got.Derived.Workers != len(tt.want) {
				t.Errorf("got %d workers, want %d", got.Derived.Workers, len(tt.want))
			}
		})
	}
}

func TestOnlyLooksAtWhatIsAsked(t *testing.T) {
	t.Parallel()
	opts := config.Options{
		Path: writeFile(t, "fleet: mine\nnum_wrokers: 2\ndata_dir: ./x\nshutdown: {grace: 30}\n"),
		Only: []string{"fleet", "data_dir", "log_dir"},
	}
	got, err := config.Load(opts)
	if err != nil {
		t.Fatal(err)
	}
	if got.Fleet != "mine" || filepath.Base(got.Derived.DataDir) != "x" {
		t.Errorf("got fleet %q in %q, want mine in x", got.Fleet, got.Derived.DataDir)
	}
	opts.Path = writeFile(t, "fleet: MINE\n")
	if _, err := config.Load(opts); err == nil {
		t.Error("got no error for a bad fleet, want one")
	}
}

func TestDerived(t *testing.T) {
	t.Parallel()
	got, err := config.Load(config.Options{Path: filepath.Join(samples, "simulated.good.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	d := got.Derived
	if !filepath.IsAbs(d.DataDir) || d.LogDir != filepath.Join(d.DataDir, "logs") {
		t.Errorf("got data %q and logs %q, want logs in an absolute data", d.DataDir, d.LogDir)
	}
	if d.MemoryBytes != 768<<20 || d.NanoCPUs != 0 || d.Workers != 2 {
		t.Errorf("got memory %d, cpus %d, workers %d", d.MemoryBytes, d.NanoCPUs, d.Workers)
	}
}

func TestTimeoutsNest(t *testing.T) {
	t.Parallel()
	for _, grace := range []time.Duration{10 * time.Second, 5 * time.Minute, 100 * time.Hour} {
		got, err := config.Load(config.Options{
			Path:     writeFile(t, "shutdown: {grace: "+grace.String()+"}"),
			Simulate: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		x := got.Derived.Timeouts
		nested := 0 < x.Job && x.Job < x.Drain && x.Drain < x.ContainerStop && x.ContainerStop < x.Grace
		if !nested || x.Grace != grace {
			t.Errorf("got %+v for grace %v, want job < drain < container stop < grace", x, grace)
		}
	}
}

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	got, err := config.Load(config.Options{Path: filepath.Join(samples, "full.good.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	b, err := got.YAML()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "hunter2") || !strings.Contains(string(b), "(redacted)") {
		t.Errorf("got\n%s\nwant the secret redacted", b)
	}
	for _, bad := range []string{"proxy: {rotate_url: 'ftp://hunter2'}", "proxy: {rotate_url: [hunter2]}"} {
		_, err := config.Load(config.Options{Path: writeFile(t, bad), Simulate: true})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want an error without the secret", bad, err)
		}
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	_, err := config.Load(config.Options{Path: filepath.Join(t.TempDir(), "none.yaml")})
	if err == nil || !strings.Contains(err.Error(), "none.yaml: no such file") || !fault.Is(err, fault.Input) {
		t.Errorf("got %v, want an error of class input that names the file", err)
	}
}

func TestFieldErrorUnwraps(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	if err := error(&config.FieldError{Field: "x", Err: cause}); !errors.Is(err, cause) || err.Error() != "x: cause" {
		t.Errorf("got %v", err)
	}
}

const twoDevices = `
devices:
  - {name: lab-1, connect: "tcp://192.0.2.7:5555"}
  - {name: lab-2, connect: "tcp://192.0.2.8:5555"}
`

func writeFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "fleet.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
