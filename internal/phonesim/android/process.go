package android

import (
	"cmp"
	"slices"
	"sync"
)

const firstPID = 4000

// process is one row of ps.
type process struct {
	name string
	pid  int
}

// processes is the phone's process table.
type processes struct {
	mu   sync.Mutex
	pids map[string]int
	last int
}

// spawn starts a process unless it runs.
func (p *processes) spawn(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.pids[name]; ok {
		return
	}
	if p.pids == nil {
		p.pids = map[string]int{}
	}
	p.last = max(p.last, firstPID) + 1
	p.pids[name] = p.last
}

func (p *processes) kill(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pids, name)
}

func (p *processes) killAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pids = nil
}

// list is ordered by pid.
func (p *processes) list() []process {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]process, 0, len(p.pids))
	for name, pid := range p.pids {
		list = append(list, process{name, pid})
	}
	slices.SortFunc(list, func(a, b process) int { return cmp.Compare(a.pid, b.pid) })
	return list
}

// running lists the phone's processes. The app comes and goes by itself, so
// its row follows what it says.
func (d *Device) running() []process {
	if name := d.cfg.AppPackage.Name; d.cfg.App.Running() {
		d.processes.spawn(name)
	} else {
		d.processes.kill(name)
	}
	return d.processes.list()
}

// pid is the process id of name, 0 when it does not run.
func (d *Device) pid(name string) int {
	for _, p := range d.running() {
		if p.name == name {
			return p.pid
		}
	}
	return 0
}
