package main

import (
	"math"

	"postfleet/internal/evidence"
	"postfleet/internal/testbed"
)

const (
	projection = 2 * 60 * 60 // seconds
	anHour     = 60 * 60
	// hundred is how many jobs the other slope is counted in.
	hundred = 100
)

// measure is one thing that a process holds.
type measure struct {
	name, unit string
	of         func(testbed.Usage) float64
}

func measures() []measure {
	return []measure{
		// Not all that is resident: the pages of a program's file come and go.
		{ofMemory, "KB", func(u testbed.Usage) float64 { return float64(u.Anonymous) / kilobyte }},
		{ofFiles, "files", func(u testbed.Usage) float64 { return float64(u.Files) }},
		{ofThreads, "threads", func(u testbed.Usage) float64 { return float64(u.Threads) }},
	}
}

// points are what a process held of it.
func (m measure) points(s *series) []point {
	all := make([]point, 0, len(s.samples))
	for _, one := range s.samples {
		all = append(all, point{one.at.Seconds(), m.of(one.Usage)})
	}
	return all
}

// work is what the fleet did.
type work struct {
	// jobs are those that ended, by worker.
	jobs map[int]int
	// seconds is how long they were at it.
	seconds float64
}

func (w work) total() int {
	n := 0
	for _, jobs := range w.jobs {
		n += jobs
	}
	return n
}

// of is how many jobs something of a kind had to do with: the orchestrator with all.
func (w work) of(kind string, slot int) int {
	if kind == kindOrchestrator {
		return w.total()
	}
	return w.jobs[slot]
}

// checkGrowth reports the slope of everything and holds what must be flat to
// its targets: the worst of the slots counts.
func checkGrowth(report *evidence.Report, w *watcher, done work) {
	for _, kind := range []string{kindOrchestrator, kindWorker, kindADB, kindHome, kindPhone} {
		for _, m := range measures() {
			if kind == kindHome && m.name == ofThreads {
				continue
			}
			worst := math.Inf(-1)
			for slot := range w.slots(kind) {
				worst = math.Max(worst, lasting(report, m, w.of(kind, slot), done))
			}
			if want, ok := growth(kind, m.name); ok {
				report.Check(want, worst)
			}
		}
	}
	peak := 0.0
	for _, m := range measures() {
		worst := math.Inf(-1)
		for slot := range w.slots(kindAppium) {
			lives := w.of(kindAppium, slot)
			worst = math.Max(worst, recycled(report, m, lives, done))
			peak = max(peak, mostResident(lives))
		}
		if m.name != ofThreads {
			report.Check(lateness(m.name), worst)
		}
	}
	report.Check(targets().appiumPeak, peak/megabyte)
	report.Check(targets().replaced, float64(len(w.containers)-2*w.fleet.Workers)) // a worker and a phone each
}

// slots is how many there are of a kind.
func (w *watcher) slots(kind string) int {
	if kind == kindOrchestrator {
		return 1
	}
	return w.fleet.Workers
}

// lasting reports on what is to run through. It returns the growth in two
// hours: NaN for what did not run through.
func lasting(report *evidence.Report, m measure, runs []*series, done work) float64 {
	if len(runs) != 1 {
		return math.NaN()
	}
	points := settled(m.points(runs[0]))
	level, perSecond := median(values(points)), slope(points)
	tell(report, m, runs, level, perSecond, done)
	return perSecond * projection
}

// recycled reports on what is ended and started anew: the slope is that within
// the lives. It returns by how many per cent late ones hold more than early ones.
// The last did not come to its end and is not compared.
func recycled(report *evidence.Report, m measure, lives []*series, done work) float64 {
	groups := make([][]point, 0, len(lives))
	var all []float64
	for _, life := range lives[:max(0, len(lives)-1)] {
		points := settled(m.points(life))
		groups = append(groups, points)
		all = append(all, values(points)...)
	}
	if len(groups) == 0 {
		return math.NaN()
	}
	tell(report, m, lives, median(all), slope(groups...), done)
	return 100 * lateOverEarly(groups)
}

// tell puts level and slope into the report.
func tell(report *evidence.Report, m measure, runs []*series, level, perSecond float64, done work) {
	kind, slot := runs[0].kind, runs[0].slot
	params := map[string]any{"of": kind, "slot": slot, "processes": len(runs)}
	name := nameOf(kind, m.name)
	report.Measure(name, level, m.unit, params)
	report.Measure(name+", slope", perSecond*anHour, m.unit+"/h", params)
	if jobs := done.of(kind, slot); jobs > 0 {
		report.Measure(name+", slope", perSecond*done.seconds/float64(jobs)*hundred, m.unit+"/100 jobs", params)
	}
}

func mostResident(runs []*series) float64 {
	most := int64(0)
	for _, s := range runs {
		for _, one := range s.samples {
			most = max(most, one.Resident)
		}
	}
	return float64(most)
}
