package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/config"
	"postfleet/internal/fault"
)

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
		nested := 0 < x.Job && 0 < x.Verify && x.Job+x.Verify < x.Drain &&
			x.Drain < x.ContainerStop && x.ContainerStop < x.Grace
		if !nested || x.Grace != grace {
			t.Errorf("got %+v for grace %v, want job + verify < drain < container stop < grace", x, grace)
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
