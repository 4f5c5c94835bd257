package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"postfleet/workerimage"
)

func TestConfigCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.must("config", "check")
	w.mustHold("output", w.out.String(), "ok: fleet test, 2 workers")
	w.write("fleet.yaml", "fleet: TEST\nnum_workers: 2\nrestart: {max: -1}\ndevices: [{name: a, connect: wifi}]\n")
	if code := w.run("config", "check"); code != workerimage.ExitUsage {
		t.Errorf("got exit code %d, want %d", code, workerimage.ExitUsage)
	}
	w.mustHold("message", w.err.String(), "fleet.yaml: fleet: ", "fleet.yaml: num_workers: ",
		"fleet.yaml: restart.max: ", "fleet.yaml: devices[0].connect: ")
}

// The output is a fleet.yaml itself, and comes to the same.
func TestConfigShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.app.environ = []string{"POSTFLEET_PROXY_ROTATE_URL=https://user:hunter2@proxy.example/"}
	w.must("config", "show")
	shown := w.out.String()
	w.mustHold("output", shown, "rotate_url: (redacted)", "# 1       lab-2   192.0.2.8:5555")
	if strings.Contains(shown, "hunter2") {
		t.Error("the output holds the secret")
	}
	w.write("fleet.yaml", shown)
	w.must("config", "show")
	if diff := cmp.Diff(shown, w.out.String()); diff != "" {
		t.Errorf("shown again (-first +second):\n%s", diff)
	}
}

func TestCompose(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(twoJobs, "shop_b", "pay$hop", 1))
	before := w.tree()
	w.must("compose", "--simulate", "--workers", "2")
	mustBeSame(t, before, w.tree())
	var got struct {
		Name     string
		Services map[string]struct {
			Command []string
			User    string
		}
	}
	if err := yaml.Unmarshal([]byte(w.out.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"phone-0", "phone-1", "worker-0", "worker-1"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got.Services))); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	command := got.Services["phone-1"].Command
	if !slices.Contains(command, "pay$$hop") {
		t.Errorf("got command %q, want the account with its dollar sign doubled", command)
	}
	if user := got.Services["worker-0"].User; user == "" || strings.HasPrefix(user, "0:") {
		t.Errorf("got user %q, want one that is not root", user)
	}
	w.mustHold("header", w.out.String(), "# ", "orchestrator seed --data-dir "+w.path("data"))
}

func TestComposeSaysWhereTheSecretGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, twoJobs)
	w.app.environ = []string{"POSTFLEET_PROXY_ROTATE_URL=https://user:hunter2@proxy.example/"}
	w.must("compose")
	w.mustHold("header", w.out.String(), w.path("data/.secrets/"+workerimage.SecretProxyURL))
	if strings.Contains(w.out.String(), "hunter2") {
		t.Error("the output holds the secret")
	}
}

func TestSecretsNeedAnOwner(t *testing.T) {
	t.Parallel()
	if _, _, err := parseUser("nobody"); err == nil {
		t.Error("got no error for a user without numbers")
	}
	if uid, gid, err := parseUser("10:20"); uid != 10 || gid != 20 || err != nil {
		t.Errorf("got %d:%d, error %v; want 10:20", uid, gid, err)
	}
	if got := userOf(os.TempDir() + "/none"); got != fmt.Sprintf("%d:%d", workerimage.UID, workerimage.UID) {
		t.Errorf("got user %s for no directory, want the image's", got)
	}
}
