package main

import (
	"fmt"

	"postfleet/internal/evidence"
	"postfleet/internal/logging"
	"postfleet/workerimage"
)

const (
	kilobyte = 1 << 10
	megabyte = 1 << 20
	// journalBytes is when the ledger begins its journal anew; the line that goes
	// beyond it is in it, too.
	journalBytes = 8<<20 + 64<<10
	// workerBytes and orchestratorBytes are what there is to grow in: a worker's
	// container, docker.memory, and what the orchestrator may take that watches 64.
	workerBytes, orchestratorBytes = 768 << 20, 60 << 20
	// recycleBytes is when a worker starts its Appium anew, appium.recycle_memory.
	recycleBytes = 400 << 20
)

// What is measured, and has targets but for the threads.
const ofMemory, ofFiles, ofThreads = "memory", "file descriptors", "threads"

// The sentence that the targets come from, in the issue "Nothing gets lost".
const (
	sourceFlat = "memory and file descriptors of orchestrator, worker and Appium flat (slope reported)"
	sourceLogs = "log sizes bounded"
	sourceLost = "Nothing gets lost"
)

// targetTable is what the soak claims, but for the growth.
type targetTable struct {
	exit, failed, twice, lost, contradictions, containers, networks, replaced,
	appiumPeak, logFile, logFiles, unlimited, journal, temporary evidence.Target
}

func targets() targetTable {
	none := func(name, source string) evidence.Target {
		return evidence.Target{Name: name, Op: evidence.Exactly, Source: source}
	}
	most := func(name string, value float64, source string) evidence.Target {
		return evidence.Target{Name: name, Op: evidence.AtMost, Value: value, Source: source}
	}
	return targetTable{
		exit: evidence.Target{
			Name: "exit code of the drained orchestrator", Op: evidence.Exactly, Value: workerimage.ExitPending,
			Source: sourceLost,
		},
		failed:         none("jobs that failed, although nothing was struck", sourceLost),
		twice:          none("posts twice", sourceLost),
		lost:           none("jobs lost", sourceLost),
		contradictions: none("rows the phones contradict", sourceLost),
		containers:     none("containers left", sourceLost),
		networks:       none("networks left", sourceLost),
		replaced:       none("containers that were replaced", sourceFlat),
		appiumPeak:     most("appium: resident memory at most, MB", recycleBytes/megabyte, sourceFlat),
		logFile:        most("largest log file, MB", logging.MaxFileBytes/megabyte, sourceLogs),
		logFiles:       most("files of one log", 1+logging.MaxOldFiles, sourceLogs),
		unlimited:      none("containers whose log has no limit", sourceLogs),
		journal:        most("the ledger's journal at its largest, MB", float64(journalBytes)/megabyte, sourceLogs),
		temporary:      none("temporary files left", sourceLogs),
	}
}

// growth is the target of what is projected on two hours, if there is one.
//
// Memory: two hours may take a hundredth of a worker's container, so that it is
// full after 400 000 posts. The orchestrator, which has no limit of its own and
// hears of all workers' jobs, may take a tenth of its 60 MB: they are full after
// 100 000 jobs. To ask for much less is to measure noise: in a quarter of an hour
// the heap of a worker comes and goes by 0.2 MB, the orchestrator's by 0.4 MB,
// and eight times that is what the projection can be wrong by. What does grow is
// the ledger in memory: a row that has ended takes 0.2 KB more than one that
// waits, which ends with the rows of jobs.csv.
//
// File descriptors: not a single one. They are whole numbers, and what comes and
// goes with a connection does not move the median.
func growth(kind, what string) (evidence.Target, bool) {
	t := evidence.Target{Op: evidence.AtMost, Source: sourceFlat}
	switch {
	case kind == kindPhone || what == ofThreads: // a phone keeps all posts, to be our witness
		return t, false
	case what == ofFiles:
		t.Name = fmt.Sprintf("%s: growth of its %s in 2 h", kind, nameOf(kind, what))
		return t, true
	case kind == kindOrchestrator:
		t.Value = orchestratorBytes / 10 / kilobyte
	default:
		t.Value = workerBytes / 100 / kilobyte
	}
	t.Name = fmt.Sprintf("%s: growth of its %s in 2 h, KB", kind, what)
	return t, true
}

// nameOf is what to call it: a file system has files, not descriptors.
func nameOf(kind, what string) string {
	if kind == kindHome && what == ofFiles {
		return "files"
	}
	return what
}

// lateness is the target of what is recycled: a server that was started late
// holds no more than one that was started early, once it has served half of its
// jobs. A tenth is what two servers that did the same may differ by.
func lateness(what string) evidence.Target {
	return evidence.Target{
		Name: fmt.Sprintf("%s: %s of late servers over early ones, %%", kindAppium, what),
		Op:   evidence.AtMost, Value: 10, Source: sourceFlat,
	}
}
