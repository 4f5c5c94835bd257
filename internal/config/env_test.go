package config_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/config"
)

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
		"POSTFLEET_NAVIGATOR_MODE=recipe", "POSTFLEET_NAVIGATOR_MODEL=claude-sonnet-5-5",
		"POSTFLEET_NAVIGATOR_MAX_STEPS=40", "POSTFLEET_NAVIGATOR_BASE_URL=http://192.0.2.9:8091",
		"POSTFLEET_NAVIGATOR_MAX_CALLS_PER_JOB=1", "POSTFLEET_NAVIGATOR_MAX_COST_USD_PER_JOB=0.5",
		"POSTFLEET_NAVIGATOR_MAX_COST_USD_PER_RUN=1", "POSTFLEET_DOCKER_IMAGE=registry.example/worker:1.2",
		"POSTFLEET_DOCKER_NETWORK=lab", "POSTFLEET_DOCKER_MEMORY=1g", "POSTFLEET_DOCKER_CPUS=1.5",
		"POSTFLEET_DOCKER_PIDS=512", "POSTFLEET_DASHBOARD_LISTEN=127.0.0.1:9000",
		"POSTFLEET_LEDGER_TRUST_FILE_SYSTEM=true",
		"POSTFLEET_APPIUM_RECYCLE_JOBS=20", "POSTFLEET_APPIUM_RECYCLE_MEMORY=1g",
		"POSTFLEET_GEELARK_BASE_URL=http://192.0.2.9:8090", "POSTFLEET_GEELARK_KEEP_WARM=10s",
		"POSTFLEET_GEELARK_ENERGY_SAVING=false", "POSTFLEET_GEELARK_START_TIMEOUT=3m",
		"POSTFLEET_GEELARK_ADB_TIMEOUT=1m", "POSTFLEET_GEELARK_STOP_TIMEOUT=1m", "POSTFLEET_GEELARK_LOGIN_EVERY=1m",
		"POSTFLEET_GEELARK_POLL_EVERY=100ms", "POSTFLEET_GEELARK_REQUESTS_PER_MINUTE=100",
		"POSTFLEET_GEELARK_SLOW_LINK=0",
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
		"POSTFLEET_NUM_WORKRES: is no key's variable: did you mean POSTFLEET_NUM_WORKERS?",
	}
	if diff := cmp.Diff(want, got.Ignored()); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
}
