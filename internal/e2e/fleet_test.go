//go:build integration

package e2e

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// fleet is one data directory and the orchestrator that runs on it.
type fleet struct {
	t    *testing.T
	name string
	dir  string
	// env is what the orchestrator has besides.
	env []string
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
