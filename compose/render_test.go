package compose_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"postfleet/compose"
	"postfleet/workerimage"
)

var update = flag.Bool("update", false, "write the golden file anew")

// fleet is two workers, one of them with a simulated phone, with text that
// compose and YAML would each like to take for something else.
func fleet(t *testing.T) compose.Fleet {
	t.Helper()
	place := workerimage.Place{
		Fleet: "demo", Image: "postfleet-worker:dev", Network: "postfleet", User: "1000:1000",
		DataDir: "/srv/cash $HOME", MediaDir: "/srv/cash $HOME/media", LogDir: "/srv/logs",
		SecretsDir:  "/srv/cash $HOME/.secrets",
		MemoryBytes: 768 << 20, NanoCPUs: 1_500_000_000, PIDs: 256, StopTimeout: 285 * time.Second,
	}
	f := compose.Fleet{
		Name: "demo", Network: "postfleet",
		Notes: []string{"Two workers.\n\nSeed first.", "More."},
	}
	for n, accounts := range [][]string{{"shop_${A}", "yes", "café 🎬"}, nil} {
		settings := workerimage.Settings{
			Fleet: "demo", WorkerID: n, AppiumPort: 4723 + 2*n,
			Device: workerimage.Device{Name: "d" + string(rune('0'+n)), Accounts: accounts},
		}
		worker, err := place.Worker(settings)
		if err != nil {
			t.Fatal(err)
		}
		f.Containers = append(f.Containers, worker)
		if n == 0 {
			f.Containers = append(f.Containers, place.Phone(n, "d0", "/srv/cash $HOME/sim", accounts))
		}
	}
	f.Containers[1].Aliases = []string{"phone.local"}
	return f
}

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	const golden = "testdata/fleet.golden.yaml"
	got, err := compose.Render(fleet(t))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("compose file (-want +got):\n%s\nrun with -update if it is meant", diff)
	}
}

// TestRenderKeepsText reads the file back as compose would, which takes $$ for
// a dollar sign, and finds every byte of the specs.
func TestRenderKeepsText(t *testing.T) {
	t.Parallel()
	f := fleet(t)
	b, err := compose.Render(f)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
			Volumes     []struct{ Source string }
			DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		}
	}
	if strings.Contains(strings.ReplaceAll(string(b), "$$", ""), "$") {
		t.Error("got a single dollar sign, want all of them doubled")
	}
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(string(b), "$$", "$")), &got); err != nil {
		t.Fatal(err)
	}
	for key, c := range map[string]workerimage.Container{"worker-0": f.Containers[0], "phone-0": f.Containers[1]} {
		s := got.Services[key]
		if diff := cmp.Diff(c.Command, s.Command); diff != "" {
			t.Errorf("%s command (-want +got):\n%s", key, diff)
		}
		if diff := cmp.Diff(c.Env, s.Environment); diff != "" {
			t.Errorf("%s environment (-want +got):\n%s", key, diff)
		}
		if s.Volumes[0].Source != c.Mounts[0].Source {
			t.Errorf("%s: got source %q, want %q", key, s.Volumes[0].Source, c.Mounts[0].Source)
		}
	}
	if got.Services["worker-0"].DependsOn["phone-0"].Condition != "service_healthy" {
		t.Errorf("got %+v, want worker-0 to wait for phone-0", got.Services["worker-0"].DependsOn)
	}
	if len(got.Services["worker-1"].DependsOn) != 0 {
		t.Errorf("got %+v, want worker-1 to wait for nobody", got.Services["worker-1"].DependsOn)
	}
}

func TestRenderRefusesOneNameTwice(t *testing.T) {
	t.Parallel()
	f := fleet(t)
	f.Containers = append(f.Containers, f.Containers[0])
	if _, err := compose.Render(f); err == nil || !strings.Contains(err.Error(), "demo-worker-0") {
		t.Errorf("got %v, want an error that names demo-worker-0", err)
	}
}
