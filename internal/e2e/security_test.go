//go:build integration

package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The secrets that are planted; each is looked for everywhere.
const (
	proxyPassword = "planted-proxy-p4ssw0rd"
	proxyKey      = "planted-proxy-key"
	// Port 9 of the worker's own loopback: refused at once.
	rotateURL = "http://operator:" + proxyPassword + "@127.0.0.1:9/rotate?key=" + proxyKey
)

func plantedVariables() map[string]string {
	return map[string]string{
		"ANTHROPIC_API_KEY":          "planted-anthropic-key",
		"GEELARK_TOKEN":              "planted-geelark-token",
		"GEELARK_APP_ID":             "planted-geelark-app",
		"GEELARK_API_KEY":            "planted-geelark-key",
		"POSTFLEET_PROXY_ROTATE_URL": rotateURL,
		"POSTFLEET_PROXY_ATTEMPTS":   "1",
	}
}

// needles are the planted texts in every form in which they could leak.
func needles() []string {
	basic := base64.StdEncoding.EncodeToString([]byte("operator:" + proxyPassword))
	return []string{"planted-", url.QueryEscape(rotateURL), basic, hex.EncodeToString([]byte(proxyPassword))}
}

// hostileJobs are rows whose every text would like to be a command, after two
// plain ones, of which one is made to fail.
func hostileJobs() []job {
	return []job{
		{"plain_a", "plain-a.mp4", "plain"},
		{"plain_b", "plain-b.mp4", "plain"},
		{"$(touch pwned)", "; touch pwned.mp4", "; rm -rf / #"},
		{`a'b"c; touch pwned`, "$(touch pwned).mp4", "$(id) ${HOME} `id` $'\\x41' %s %n\n\"two\" 'lines'\n"},
		{"--state=pwned", "-rf.mp4", "-n"},
		{"../../pwned", `it's "a" & b | c.mp4`, strings.Repeat("'$(touch pwned)\n", 4096/16) + "."},
		{"café 🎬 \\'", "café 🎬.mp4", "=HYPERLINK(\"x\") <script> &amp; ]]> \u202e👩‍👩‍👧‍👦 é\\"},
	}
}

// TestIntegrationSecurity runs a fleet on hostile rows, with secrets planted and
// a gate before the engine, and has one attempt fail. Every text arrives byte
// for byte, nothing is executed, the workers are as locked up as the document
// says, and no secret is anywhere but in its file.
func TestIntegrationSecurity(t *testing.T) {
	jobs := hostileJobs()
	f := newFleet(t, "security", jobs)
	sums := f.hostileVideos(jobs)
	gate, host := newEngineGate(t)
	for name, value := range plantedVariables() {
		t.Setenv(name, value)
	}
	before := os.Getenv("DOCKER_HOST")
	t.Setenv("DOCKER_HOST", host)
	run := f.launch(2)
	t.Setenv("DOCKER_HOST", before)

	fault(t, 0, `{"kind":"action_blocked","count":1}`)
	fault(t, 1, `{"kind":"slow_post","for_ms":6000}`)
	var said testimony
	eventually(t, "worker 1 is in a job", func() bool {
		return slices.ContainsFunc(f.rows(), func(row map[string]string) bool {
			return row["worker_id"] == "1" && row["phase"] == "posting"
		})
	})
	f.askEverything(&said, 2)
	code := run.exit()
	said.add("the launch's output", run.out.String())
	if code != 3 {
		t.Errorf("exit code: got %d, want 3", code)
	}

	gate.mustHaveSufficed(t)
	f.mustBePostedOnce(jobs)
	f.mustHaveVideos(jobs, sums)
	f.addFiles(&said)
	said.mustHold(t, "proxy not rotated", "/source.xml\n", "/appium-tail.log\n")
	said.mustNotHold(t, needles())
	if _, err := os.Stat(filepath.Join(f.dir, ".secrets")); !os.IsNotExist(err) {
		t.Errorf("the folder of secrets: got %v, want it removed", err)
	}
}

// hostileVideos gives each job its video, and returns the SHA-256 of each.
func (f *fleet) hostileVideos(jobs []job) map[string]string {
	f.t.Helper()
	sums := map[string]string{}
	for i, j := range jobs {
		content := bytes.Repeat([]byte{byte('a' + i)}, 1000+i)
		if err := os.WriteFile(filepath.Join(f.dir, "media", j.video), content, 0o644); err != nil {
			f.t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		sums[j.video] = hex.EncodeToString(sum[:])
	}
	return sums
}

func (f *fleet) mustHaveVideos(jobs []job, sums map[string]string) {
	f.t.Helper()
	posted := 0
	for _, p := range f.posts() {
		for _, j := range jobs {
			if p.Account == j.account && p.Caption == j.caption {
				posted++
				if p.SHA256 != sums[j.video] {
					f.t.Errorf("post of %s: got video %s, want that of %q", p.Account, p.SHA256, j.video)
				}
			}
		}
	}
	if success := f.count("success"); posted != success || success != len(jobs)-1 {
		f.t.Errorf("got %d posts and %d success rows of %d jobs, want all but the blocked one",
			posted, success, len(jobs))
	}
}

// askEverything collects what tells of a running fleet, and looks at its workers.
func (f *fleet) askEverything(said *testimony, workers int) {
	f.t.Helper()
	filter := "label=postfleet.fleet=" + f.name
	names := strings.Fields(docker(f.t, "ps", "-a", "--format", "{{.Names}}", "--filter", filter))
	if len(names) != 2*workers {
		f.t.Errorf("containers: got %v, want %d workers and as many phones", names, workers)
	}
	for _, name := range names {
		inspected := docker(f.t, "inspect", name)
		said.add("docker inspect "+name, inspected)
		said.add("docker logs "+name, docker(f.t, "logs", name))
		said.add("docker top "+name, docker(f.t, "top", name, "-eo", "pid,args"))
		mustBeLockedUp(f.t, name, inspected)
	}
	secret := docker(f.t, "exec", f.name+"-worker-1", "cat", "/run/postfleet/secrets/proxy_rotate_url")
	if secret != rotateURL {
		f.t.Errorf("the worker's secret: got %q, want the rotation URL", secret)
	}
	place := []string{"--data-dir", f.dir}
	fleet := append([]string{"--simulate", "--workers", "2"}, place...)
	said.add("status --json", f.mustRun(f.command(append([]string{"status", "--json"}, place...)...)))
	said.add("status", f.mustRun(f.command(append([]string{"status"}, place...)...)))
	said.add("config show", f.mustRun(f.command(append([]string{"config", "show"}, fleet...)...)))
	said.add("compose", f.mustRun(f.command(append([]string{"compose"}, fleet...)...)))
	said.add("logs", f.mustRun(f.command(append([]string{"logs"}, place...)...)))
	said.add("jobs list", f.mustRun(f.command(append([]string{"jobs", "list"}, place...)...)))
}

// mustBeLockedUp holds what the engine says of a container, and what the
// container's first process says of itself, to the document.
func mustBeLockedUp(t *testing.T, name, inspected string) {
	t.Helper()
	var all []struct {
		Config     struct{ User string }
		HostConfig struct {
			CapDrop, CapAdd, SecurityOpt, Binds []string
			Privileged, ReadonlyRootfs          bool
			NetworkMode, PidMode                string
			PortBindings                        map[string][]struct{ HostIP string }
			Memory, MemorySwap, PidsLimit       int64
			LogConfig                           struct{ Config map[string]string }
		}
		Mounts []struct {
			Source, Destination string
			RW                  bool
		}
	}
	if err := json.Unmarshal([]byte(inspected), &all); err != nil || len(all) != 1 {
		t.Fatalf("docker inspect %s: %v", name, err)
	}
	c, h := all[0], all[0].HostConfig
	for what, ok := range map[string]bool{
		"a user that is not root": regexp.MustCompile(`^[1-9][0-9]*:[1-9][0-9]*$`).MatchString(c.Config.User),
		"no capability":           slices.Equal(h.CapDrop, []string{"ALL"}) && len(h.CapAdd) == 0 && !h.Privileged,
		"no new privileges":       slices.Contains(h.SecurityOpt, "no-new-privileges"),
		"a read-only root":        h.ReadonlyRootfs,
		"the fleet's own network": h.NetworkMode != "host" && h.NetworkMode != "" && h.NetworkMode != "default",
		"its own processes only":  h.PidMode == "",
		"limits":                  h.Memory > 0 && h.MemorySwap == h.Memory && h.PidsLimit > 0,
		"bounded logs":            h.LogConfig.Config["max-size"] != "" && h.LogConfig.Config["max-file"] != "",
	} {
		if !ok {
			t.Errorf("%s: want %s, got user %q, %+v", name, what, c.Config.User, h)
		}
	}
	for port, bindings := range h.PortBindings {
		for _, b := range bindings {
			if b.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %s is published on %q", name, port, b.HostIP)
			}
		}
	}
	for _, m := range c.Mounts {
		outside := !slices.Contains([]string{"/data", "/logs", "/phones"}, m.Destination)
		if strings.Contains(m.Source, "docker.sock") || outside && m.RW {
			t.Errorf("%s: mount of %s at %s, writable: %t", name, m.Source, m.Destination, m.RW)
		}
	}
	status := docker(t, "exec", name, "cat", "/proc/1/status")
	for _, want := range []string{`CapEff:\s0+`, `CapBnd:\s0+`, `NoNewPrivs:\s1`, `Uid:\s[1-9]`} {
		if !regexp.MustCompile(`(?m)^` + want).MatchString(status) {
			t.Errorf("%s: want %s in\n%s", name, want, status)
		}
	}
}

// testimony is what can be read of a fleet, by where it was read.
type testimony struct{ where, text []string }

func (e *testimony) add(where, text string) {
	e.where, e.text = append(e.where, where), append(e.text, text)
}

// addFiles adds every file of the data directory, names included, and looks at
// the names: nothing was executed, and nothing is where it does not belong.
func (f *fleet) addFiles(said *testimony) {
	f.t.Helper()
	artifact := regexp.MustCompile(`^artifacts(/job-[0-9]+(/attempt-[0-9]+(/[a-z.-]+)?)?)?$`)
	err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(f.dir, path)
		if entry.Name() == "pwned" || strings.HasPrefix(rel, "artifacts") && !artifact.MatchString(rel) {
			f.t.Errorf("%s is there", rel)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		said.add(rel, rel+"\n"+string(content))
		return err
	})
	if err != nil {
		f.t.Error(err)
	}
}

// mustHold makes sure that the search would find something.
func (e *testimony) mustHold(t *testing.T, texts ...string) {
	t.Helper()
	for _, want := range texts {
		if !slices.ContainsFunc(e.text, func(text string) bool { return strings.Contains(text, want) }) {
			t.Errorf("nothing that was read holds %q: %q", want, e.where)
		}
	}
}

func (e *testimony) mustNotHold(t *testing.T, texts []string) {
	t.Helper()
	for i, text := range e.text {
		for _, needle := range texts {
			if at := strings.Index(text, needle); at >= 0 {
				t.Errorf("%s holds a secret: …%q…", e.where[i], text[max(0, at-80):min(len(text), at+80)])
			}
		}
	}
}
