package orchestrator_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/logging"
	"postfleet/orchestrator"
	"postfleet/orchestrator/enginetest"
)

// BenchmarkWatching64Workers is what watching an idle fleet costs this process:
// one iteration is a second of it. The engine is in memory, and its share is in
// the figures.
func BenchmarkWatching64Workers(b *testing.B) {
	const workers = 64
	cfg := validConfig()
	cfg.Devices, cfg.Workers, cfg.Simulate = nil, workers, true
	plan, err := orchestrator.NewPlan(cfg)
	if err != nil {
		b.Fatal(err)
	}
	for i := range plan.Slots {
		plan.Slots[i].Phone = nil
		plan.Slots[i].Worker.Command = enginetest.FakePrograms().Run
	}
	engine := &enginetest.Fake{Images: []string{enginetest.FakeImage}}
	defer engine.Close()
	opts := orchestrator.Options{
		DataDir: b.TempDir(), Grace: time.Millisecond, StartLimit: workers,
		Restart: orchestrator.Restart{Max: 1, Window: time.Minute, HealthyAfter: time.Minute},
	}
	o := orchestrator.New(plan, opts, engine, newLedger(numbered(workers)...), logging.Discard())
	ended := make(chan error, 1)
	go func() {
		_, err := o.Run(b.Context())
		ended <- err
	}()
	awaitRunning(o)
	cpu := cpuTime(b)
	for b.Loop() {
		after(time.Second)
	}
	b.ReportMetric(float64(cpuTime(b)-cpu)/float64(b.Elapsed())*100, "%core")
	b.ReportMetric(heapMB(), "heap-MB")
	o.Drain()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}

// awaitRunning returns when every slot's worker runs.
func awaitRunning(o *orchestrator.Orchestrator) {
	for running := false; !running; after(10 * time.Millisecond) {
		running = true
		for _, s := range o.Slots() {
			running = running && s.Phase == orchestrator.SlotRunning
		}
	}
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heapMB is what the heap holds after a collection.
func heapMB() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
