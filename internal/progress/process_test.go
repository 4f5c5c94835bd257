package progress_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// The test binary is also the worker processes of these tests.
const (
	envRole = "POSTFLEET_TEST_ROLE"
	envDir  = "POSTFLEET_TEST_DIR"
	envID   = "POSTFLEET_TEST_ID"

	roleWorker = "worker"
	roleWrong  = "wrong"
)

func TestMain(m *testing.M) {
	dir, id := os.Getenv(envDir), os.Getenv(envID)
	var err error
	switch os.Getenv(envRole) {
	case roleWorker:
		err = workAll(context.Background(), dir, id)
	case roleWrong:
		err = workWrongly(dir, id)
	default:
		inMemory()
		goleak.VerifyTestMain(m)
		return
	}
	if err != nil {
		panic(err)
	}
}

// inMemory puts the tests' directories where a flush costs nothing. That the
// disk keeps what was flushed is the kernel's business; when it is asked to is
// ours, and TestErrorAtEveryOperation's.
func inMemory() {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		if err := os.Setenv("TMPDIR", shm); err != nil {
			panic(err)
		}
	}
}

func start(t *testing.T, role, dir, id string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), envRole+"="+role, envDir+"="+dir, envID+"="+id)
	cmd.Stdout, cmd.Stderr = &begun{work: make(chan struct{})}, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// workAll is a worker whose post is a file: posts/<job>/<somebody's unique name>.
func workAll(ctx context.Context, dir, id string) error {
	l, err := progress.Open(dir, progress.Options{})
	if err != nil {
		return err
	}
	m, err := l.Join(ctx, id)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, "begun"); err != nil {
		return err
	}
	for {
		c, err := m.Claim(ctx, progress.Terms{})
		switch {
		case errors.Is(err, progress.ErrNothingLeft):
			return l.Close()
		case errors.Is(err, progress.ErrNothingNow):
			if _, err := l.Rescue(ctx); err != nil {
				return err
			}
			<-time.After(2 * time.Millisecond) // another process has to get on
		case err != nil:
			return err
		default:
			if err := work(ctx, m, dir, c); err != nil {
				return err
			}
		}
	}
}

func work(ctx context.Context, m progress.Member, dir string, c progress.Claim) error {
	posts := filepath.Join(dir, "posts", strconv.Itoa(c.Job.ID))
	if c.Verify {
		if made, err := os.ReadDir(posts); err != nil || len(made) == 0 {
			return m.Finish(ctx, c, progress.Absent("no post", time.Time{}))
		}
		return m.Finish(ctx, c, progress.Success())
	}
	if err := m.SetPhase(ctx, c, progress.PhasePosting); err != nil {
		return err
	}
	if err := os.MkdirAll(posts, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(posts, "post-*") // the tap
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := m.SetPhase(ctx, c, progress.PhasePosted); err != nil {
		return err
	}
	return m.Finish(ctx, c, progress.Success())
}

// once reports jobs that were not posted exactly once.
func once(dir string, jobs int) []string {
	var wrong []string
	for id := 1; id <= jobs; id++ {
		made, err := os.ReadDir(filepath.Join(dir, "posts", strconv.Itoa(id)))
		if len(made) != 1 {
			wrong = append(wrong, fmt.Sprintf("job %d: %d posts (%v)", id, len(made), err))
		}
	}
	return wrong
}

func TestProcessesShareTheLedger(t *testing.T) {
	t.Parallel()
	const rows, workers = 40, 3
	dir, l := seeded(t, rows)
	var running []*exec.Cmd
	for n := range workers {
		running = append(running, start(t, roleWorker, dir, strconv.Itoa(n)))
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	for _, w := range once(dir, rows) {
		t.Error(w)
	}
	ids := make(map[string]bool)
	for _, r := range snapshot(t, l) {
		ids[r.WorkerID] = true
		if r.Status != progress.StatusSuccess {
			t.Errorf("row %+v is no success", r)
		}
	}
	if len(ids) < 2 {
		t.Errorf("got the work done by %v, want it spread", ids)
	}
}

// TestKilledProcesses kills workers at any instant, until all is done.
func TestKilledProcesses(t *testing.T) {
	t.Parallel()
	const rows, workers, kills = 40, 3, 16
	dir, l := seeded(t, rows)
	reading, stop := context.WithCancel(t.Context())
	defer stop()
	var reader sync.WaitGroup
	reader.Go(func() { readAlways(reading, t, dir, rows) })

	var lives atomic.Int64
	var killed sync.WaitGroup
	for n := range workers {
		killed.Go(func() {
			for {
				life := lives.Add(1)
				cmd := start(t, roleWorker, dir, strconv.Itoa(n))
				if life <= kills {
					killSoon(t, cmd, time.Duration(life%12)*time.Millisecond)
				} else if err := cmd.Wait(); err != nil {
					t.Errorf("worker %d: %v", n, err)
				}
				if life > kills {
					return
				}
			}
		})
	}
	killed.Wait()
	stop()
	reader.Wait()
	for _, r := range snapshot(t, l) {
		if r.Status != progress.StatusSuccess {
			t.Errorf("row %+v is no success", r)
		}
	}
	for _, w := range once(dir, rows) {
		t.Error(w)
	}
}

// killSoon kills a process a while after it has begun to work.
func killSoon(t *testing.T, cmd *exec.Cmd, after time.Duration) {
	t.Helper()
	begun, ok := cmd.Stdout.(*begun)
	if !ok {
		t.Error("the process does not say when it begins")
		return
	}
	select {
	case <-begun.work:
	case <-time.After(time.Minute):
		t.Error("the process did not begin")
	}
	select {
	case <-time.After(after):
	case <-t.Context().Done():
	}
	_ = cmd.Process.Signal(syscall.SIGKILL)
	_ = cmd.Wait() // says that it was killed, or had ended before
}

// begun is closed by the first thing a process prints.
type begun struct {
	once sync.Once
	work chan struct{}
}

func (b *begun) Write(p []byte) (int, error) {
	b.once.Do(func() { close(b.work) })
	return len(p), nil
}

// readAlways asks that progress.csv is whole at every instant, for readers
// that take no lock.
func readAlways(ctx context.Context, t *testing.T, dir string, rows int) {
	t.Helper()
	for ctx.Err() == nil {
		data, err := os.ReadFile(filepath.Join(dir, "progress.csv"))
		if err != nil {
			t.Error(err)
			return
		}
		n := -1 // the header
		for rec, err := range jobs.ParseCSV(data) {
			if err != nil || len(rec.Fields) != 11 {
				t.Errorf("got %v, %v", rec, err)
				return
			}
			n++
		}
		if n != rows {
			t.Errorf("got %d rows, want %d", n, rows)
			return
		}
	}
}
