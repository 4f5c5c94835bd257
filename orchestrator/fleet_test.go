package orchestrator_test

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/logging"
	"postfleet/internal/progress"
	"postfleet/orchestrator"
	"postfleet/orchestrator/enginetest"
	"postfleet/workerimage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const jobTime = 10 * time.Second

// fleet is what a test of the orchestrator has: a plan, an engine whose
// containers are workers in memory, and the ledger they share.
type fleet struct {
	t      *testing.T
	plan   orchestrator.Plan
	opts   orchestrator.Options
	engine *enginetest.Fake
	ledger *ledger
	// onStart is asked before a worker begins; a code but 0 is how it ends.
	// lives counts the workers of that slot so far, this one included.
	onStart func(slot, lives int) int
	// says is what such a worker leaves behind; "as told" when it is not set.
	says    string
	jobTime time.Duration
	// deaf workers hear no signal.
	deaf bool

	mu     sync.Mutex
	lives  map[int]int
	starts []string // names, in order
	heard  []orchestrator.Signal
	labels []map[string]string
}

// newFleet has n workers on TCP devices that take any account.
func newFleet(t *testing.T, n int, l *ledger) *fleet {
	t.Helper()
	cfg := validConfig()
	cfg.Devices = nil
	for i := range n {
		cfg.Devices = append(cfg.Devices, orchestrator.DeviceConfig{
			Name: "lab-" + strconv.Itoa(i), Connect: "tcp://192.0.2.7:" + strconv.Itoa(5555+i),
		})
	}
	return newFleetOf(t, cfg, l)
}

func newFleetOf(t *testing.T, cfg orchestrator.Config, l *ledger) *fleet {
	t.Helper()
	plan, err := orchestrator.NewPlan(cfg)
	if err != nil {
		t.Fatal(err)
	}
	f := &fleet{
		t: t, plan: plan, ledger: l, lives: map[int]int{}, jobTime: jobTime,
		opts: orchestrator.Options{
			DataDir: t.TempDir(),
			Grace:   5 * time.Minute,
			Jitter:  func() float64 { return 0 },
			Restart: orchestrator.Restart{
				Max: 3, Window: 10 * time.Minute,
				Backoff: time.Second, BackoffMax: time.Minute, HealthyAfter: time.Minute,
			},
		},
	}
	f.engine = &enginetest.Fake{Images: []string{enginetest.FakeImage}, Run: f.container}
	t.Cleanup(f.engine.Close)
	return f
}

func (f *fleet) orchestrator() *orchestrator.Orchestrator {
	return orchestrator.New(f.plan, f.opts, f.engine, f.ledger, logging.Discard())
}

// run runs the fleet to its end and checks what must hold of every run.
func (f *fleet) run() orchestrator.Report {
	f.t.Helper()
	report, err := f.orchestrator().Run(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	f.nothingLeft()
	return report
}

func (f *fleet) nothingLeft() {
	f.t.Helper()
	if left := f.list(f.plan.Fleet); len(left) > 0 {
		f.t.Errorf("containers left: %v", left)
	}
	if left := f.engine.Networks(); len(left) > 0 {
		f.t.Errorf("networks left: %v", left)
	}
	if f.exists(orchestrator.ShutdownFile) {
		f.t.Error("the shutdown file was left")
	}
}

func (f *fleet) list(fleet string) []string {
	f.t.Helper()
	all, err := f.engine.List(context.WithoutCancel(f.t.Context()), fleet)
	if err != nil {
		f.t.Fatal(err)
	}
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	return names
}

func (f *fleet) exists(name string) bool {
	_, err := os.Stat(filepath.Join(f.opts.DataDir, name))
	return err == nil
}

// container is the enginetest.Program of the fleet's containers.
func (f *fleet) container(
	ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
) orchestrator.Exit {
	if spec.Labels[workerimage.LabelRole] != workerimage.RoleWorker {
		<-ctx.Done()
		return orchestrator.Exit{}
	}
	settings, err := workerimage.DecodeSettings(spec.Env[workerimage.EnvSettings])
	if err != nil {
		return orchestrator.Exit{Code: workerimage.ExitUsage}
	}
	if code := f.begin(settings.WorkerID, spec); code != 0 {
		return orchestrator.Exit{Code: code, Tail: cmp.Or(f.says, "as told")}
	}
	f.ledger.join(settings.WorkerID)
	defer f.ledger.leave(settings.WorkerID)
	w := worker{fleet: f, id: settings.WorkerID, device: settings.Device, signals: signals}
	return orchestrator.Exit{Code: w.run(ctx)}
}

func (f *fleet) begin(id int, spec workerimage.Container) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lives[id]++
	f.starts = append(f.starts, spec.Name)
	f.labels = append(f.labels, spec.Labels)
	if f.onStart == nil {
		return 0
	}
	return f.onStart(id, f.lives[id])
}

// started is how many workers began so far.
func (f *fleet) started() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.starts)
}

func (f *fleet) hear(s orchestrator.Signal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heard = append(f.heard, s)
}

// worker is cmd/worker in small.
type worker struct {
	fleet   *fleet
	id      int
	device  workerimage.Device
	signals <-chan orchestrator.Signal
	drained bool
}

func (w *worker) run(ctx context.Context) int {
	for !w.drained {
		row, ok := w.fleet.ledger.claim(w.id, w.device)
		if !ok {
			return workerimage.ExitDone
		}
		if !w.work(ctx, row) {
			return workerimage.ExitDone
		}
	}
	return workerimage.ExitDone
}

// work takes a job's time; false means that it was killed or cancelled.
func (w *worker) work(ctx context.Context, row progress.Row) bool {
	job := time.NewTimer(w.fleet.jobTime)
	defer job.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case s := <-w.signals:
			w.fleet.hear(s)
			if w.fleet.deaf {
				continue
			}
			w.drained = true
			if s == orchestrator.SignalCancel {
				w.fleet.ledger.finish(w.id, row.ID, progress.StatusPending)
				return false
			}
		case <-job.C:
			w.fleet.ledger.finish(w.id, row.ID, progress.StatusSuccess)
			return true
		}
	}
}

// background runs the fleet and returns what it came to.
func (f *fleet) background(o *orchestrator.Orchestrator) <-chan orchestrator.Report {
	done := make(chan orchestrator.Report, 1)
	go func() {
		report, err := o.Run(context.WithoutCancel(f.t.Context()))
		if err != nil {
			f.t.Error(err)
		}
		done <- report
	}()
	return done
}

// place starts a container as an earlier orchestrator would have left it.
func (f *fleet) place(spec workerimage.Container) orchestrator.Container {
	f.t.Helper()
	if err := f.engine.EnsureNetwork(f.t.Context(), spec.Network, f.plan.Fleet); err != nil {
		f.t.Fatal(err)
	}
	c, err := f.engine.Start(f.t.Context(), spec)
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

// idleFirst is a program whose first worker ends at once with nothing done.
func (f *fleet) idleFirst() enginetest.Program {
	idle := true
	return func(
		ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		if idle {
			idle = false
			after(time.Second)
			return orchestrator.Exit{}
		}
		return f.container(ctx, spec, signals)
	}
}

func wantJobs(t *testing.T, got orchestrator.Report, want orchestrator.Counts, exit int) {
	t.Helper()
	if got.Jobs != want {
		t.Errorf("jobs: got %+v, want %+v", got.Jobs, want)
	}
	if got.ExitCode != exit {
		t.Errorf("exit code: got %d, want %d", got.ExitCode, exit)
	}
}

func wantPhases(t *testing.T, got orchestrator.Report, want ...orchestrator.SlotPhase) {
	t.Helper()
	var phases []orchestrator.SlotPhase
	for _, s := range got.Slots {
		phases = append(phases, s.Phase)
	}
	if !slices.Equal(phases, want) {
		t.Errorf("slots: got %v, want %v", phases, want)
	}
}

func after(d time.Duration) { <-time.After(d) }
