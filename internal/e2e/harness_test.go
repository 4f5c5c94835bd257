//go:build integration

package e2e

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	image       = "postfleet-worker:dev"
	controlBase = 8500
	// patience bounds every wait; a fleet does its work in a fraction of it.
	patience = 4 * time.Minute
	pollEach = 100 * time.Millisecond
)

// program is the orchestrator under test, built once by TestMain.
var program string //nolint:gochecknoglobals // set once in TestMain, read by the tests

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "postfleet-e2e-")
	if err == nil {
		program = filepath.Join(dir, "orchestrator")
		err = prepare()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func prepare() error {
	build := exec.Command("go", "build", "-o", program, "postfleet/cmd/orchestrator")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the orchestrator: %w: %s", err, out)
	}
	if out, err := exec.Command("docker", "image", "inspect", image).CombinedOutput(); err != nil {
		return fmt.Errorf("the worker image %s is needed, build it with 'make image': %w: %s", image, err, out)
	}
	return nil
}

// fleet is one data directory and the orchestrator that runs on it.
type fleet struct {
	t    *testing.T
	name string
	dir  string
}

// job is one row of jobs.csv.
type job struct{ account, video, caption string }

// newFleet writes a data directory with the jobs. What the fleet leaves in the
// engine is removed, and reported as an error, when the test ends.
func newFleet(t *testing.T, name string, jobs []job) *fleet {
	t.Helper()
	f := &fleet{t: t, name: "e2e-" + name, dir: t.TempDir()}
	if err := os.Chmod(f.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(f.dir, "media"), os.DirFS("../../testdata/demo/media")); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	records := [][]string{{"account_name", "video_path", "caption"}}
	for _, j := range jobs {
		records = append(records, []string{j.account, j.video, j.caption})
	}
	if err := w.WriteAll(records); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, "jobs.csv"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.sweep)
	return f
}

// manyJobs makes n jobs over so many accounts, each with its own caption.
func manyJobs(n, accounts int) []job {
	jobs := make([]job, n)
	for i := range jobs {
		jobs[i] = job{
			account: "acc_" + strconv.Itoa(i%accounts),
			video:   fmt.Sprintf("reel-%02d.mp4", i%12+1),
			caption: fmt.Sprintf("Job %d, \"quoted\"\nsecond line 🎬", i+1),
		}
	}
	return jobs
}

// running is a launch that has not ended.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	done chan struct{}
	err  error
	out  *syncBuffer
}

// launch starts "orchestrator launch --simulate" and returns at once.
func (f *fleet) launch(workers int, args ...string) *running {
	f.t.Helper()
	args = append([]string{"launch", "--simulate", "--workers", strconv.Itoa(workers), "--data-dir", f.dir}, args...)
	r := &running{t: f.t, done: make(chan struct{}), out: &syncBuffer{}}
	r.cmd = f.command(args...)
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
	if err := r.cmd.Start(); err != nil {
		f.t.Fatalf("start the orchestrator: %v", err)
	}
	go func() {
		defer close(r.done)
		r.err = r.cmd.Wait()
	}()
	f.t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		<-r.done
		if f.t.Failed() {
			f.t.Logf("the orchestrator of %s said:\n%s", f.name, r.out.String())
			f.logLogs()
		}
	})
	return r
}

func (f *fleet) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(f.t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "POSTFLEET_FLEET="+f.name, "POSTFLEET_RETRY_DELAY=2s")
	return cmd
}

// exit waits for the end and returns the exit code.
func (r *running) exit() int {
	r.t.Helper()
	select {
	case <-r.done:
	case <-time.After(patience):
		r.t.Fatalf("the orchestrator did not end within %s", patience)
	}
	if exit, ok := errors.AsType[*exec.ExitError](r.err); ok {
		return exit.ExitCode()
	}
	if r.err != nil {
		r.t.Fatalf("run the orchestrator: %v", r.err)
	}
	return 0
}

func (r *running) signal(s syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.t.Fatalf("signal the orchestrator: %v", err)
	}
}

// eventually polls until ok says true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(pollEach)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %s in vain: %s", patience, what)
		}
	}
}

// rows reads progress.csv; nil while there is none.
func (f *fleet) rows() []map[string]string { return f.table("progress.csv") }

func (f *fleet) table(name string) []map[string]string {
	f.t.Helper()
	b, err := os.ReadFile(filepath.Join(f.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		f.t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(records) == 0 {
		f.t.Fatalf("%s cannot be read as CSV: %v\n%s", name, err, b)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// count returns how many ledger rows have the status.
func (f *fleet) count(status string) int {
	n := 0
	for _, row := range f.rows() {
		if row["status"] == status {
			n++
		}
	}
	return n
}

type post struct {
	Account string `json:"account"`
	Caption string `json:"caption"`
	SHA256  string `json:"video_sha256"`
}

// posts reads posts.json.
func (f *fleet) posts() []post {
	f.t.Helper()
	b, err := os.ReadFile(filepath.Join(f.dir, "posts.json"))
	if err != nil {
		f.t.Fatal(err)
	}
	var posts []post
	if err := json.Unmarshal(b, &posts); err != nil {
		f.t.Fatalf("posts.json: %v\n%s", err, b)
	}
	return posts
}

// gatherPosts writes posts.json from phones that run without an orchestrator.
func (f *fleet) gatherPosts(phones int) {
	f.t.Helper()
	var all []post
	for n := range phones {
		var posts []post
		if err := control(f.t.Context(), n, http.MethodGet, "/posts", "", &posts); err != nil {
			f.t.Fatal(err)
		}
		all = append(all, posts...)
	}
	b, err := json.Marshal(all)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, "posts.json"), b, 0o600); err != nil {
		f.t.Fatal(err)
	}
}

// mustBePostedOnce holds the phones' posts to the jobs whose rows are success.
func (f *fleet) mustBePostedOnce(jobs []job) {
	f.t.Helper()
	seen := map[post]int{}
	for _, p := range f.posts() {
		seen[post{Account: p.Account, Caption: p.Caption}]++
	}
	rows := f.rows()
	for i, j := range jobs {
		want := 0
		if rows[i]["status"] == "success" {
			want = 1
		}
		if got := seen[post{Account: j.account, Caption: j.caption}]; got != want {
			f.t.Errorf("job %d (%s) has status %s: posted %d times, want %d", i+1, j.account, rows[i]["status"], got, want)
		}
	}
}

// control asks a phone's control API; out may be nil.
func control(ctx context.Context, n int, method, path, body string, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	url := fmt.Sprintf("http://127.0.0.1:%d%s", controlBase+n, path)
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s", method, url, resp.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// fault waits for the phone and makes it misbehave.
func fault(t *testing.T, n int, body string) {
	t.Helper()
	eventually(t, fmt.Sprintf("phone %d takes the fault %s", n, body), func() bool {
		return control(t.Context(), n, http.MethodPost, "/faults", body, nil) == nil
	})
}

// docker runs the engine's client and returns its output.
func docker(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "docker", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// containers returns the ids of what the engine has of the fleet.
func (f *fleet) containers() []string {
	f.t.Helper()
	return strings.Fields(docker(f.t, "ps", "-aq", "--filter", "label=postfleet.fleet="+f.name))
}

// sweep removes what the fleet left behind and calls it an error.
func (f *fleet) sweep() {
	if left := f.containers(); len(left) > 0 {
		f.t.Errorf("%d containers of %s were left", len(left), f.name)
		docker(f.t, append([]string{"rm", "-f"}, left...)...)
	}
	filter := "label=postfleet.fleet=" + f.name
	if left := strings.Fields(docker(f.t, "network", "ls", "-q", "--filter", filter)); len(left) > 0 {
		f.t.Errorf("%d networks of %s were left", len(left), f.name)
		docker(f.t, append([]string{"network", "rm"}, left...)...)
	}
}

// logLogs shows the end of each log file of the fleet.
func (f *fleet) logLogs() {
	files, _ := filepath.Glob(filepath.Join(f.dir, "logs", "*.log"))
	for _, file := range files {
		b, _ := os.ReadFile(file)
		if len(b) > 6000 {
			b = b[len(b)-6000:]
		}
		f.t.Logf("the end of %s:\n%s", filepath.Base(file), b)
	}
}

// syncBuffer is a buffer that a process writes to while a test reads it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
