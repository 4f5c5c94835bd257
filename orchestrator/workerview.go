package orchestrator

import (
	"strconv"
	"time"

	"postfleet/internal/progress"
	"postfleet/workerimage"
)

// workerView is what three sources say of one worker: the plan, the engine, the
// ledger. Each may be missing.
type workerView struct {
	slot      *Slot
	container *Container
	row       *progress.Row
}

func viewOf(slots []Slot, containers []Container, rows []progress.Row) map[int]*workerView {
	view := map[int]*workerView{}
	at := func(id int) *workerView {
		if view[id] == nil {
			view[id] = &workerView{}
		}
		return view[id]
	}
	for _, s := range slots {
		at(s.ID).slot = &s
	}
	for _, c := range containers {
		if id, err := strconv.Atoi(c.Labels[workerimage.LabelWorker]); err == nil &&
			c.Labels[workerimage.LabelRole] == workerimage.RoleWorker {
			at(id).container = &c
		}
	}
	for i := range rows {
		r := &rows[i]
		if r.Status != progress.StatusClaimed {
			continue
		}
		if id, err := strconv.Atoi(r.WorkerID); err == nil {
			at(id).row = r
		}
	}
	return view
}

// status puts the sources together. Where plan and container differ, as after
// the config was edited, the container is what runs.
func (w *workerView) status(id int, engineAnswers bool) WorkerStatus {
	s := WorkerStatus{ID: id, State: WorkerUnknown}
	if engineAnswers {
		s.State = WorkerStopped
	}
	if w.slot != nil {
		s.Device, s.AppiumPort, s.SystemPorts = &w.slot.Device.Name, &w.slot.AppiumPort, &w.slot.SystemPorts
	}
	if w.container != nil {
		s.fromContainer(*w.container)
	}
	if w.row != nil {
		phase := string(w.row.Phase)
		s.JobID, s.AccountName, s.Phase = &w.row.ID, &w.row.Account, &phase
		s.Since = new(w.row.Time.UTC())
	}
	return s
}

func (s *WorkerStatus) fromContainer(c Container) {
	s.State, s.Container = string(c.State), &c.Name
	if device, ok := c.Labels[workerimage.LabelDevice]; ok {
		s.Device = &device
	}
	if port := parseInt(c.Labels[workerimage.LabelAppiumPort]); port != nil {
		s.AppiumPort = port
	}
	if ports := parsePorts(c.Labels[workerimage.LabelSystemPorts]); ports != nil {
		s.SystemPorts = ports
	}
	s.Restarts = parseInt(c.Labels[workerimage.LabelRestarts])
	switch c.Health {
	case HealthHealthy:
		s.Healthy = new(true)
	case HealthUnhealthy:
		s.Healthy = new(false)
	case HealthNone, HealthStarting: // nothing is known
	}
	if !c.Started.IsZero() {
		s.Since = new(c.Started.UTC().Truncate(time.Second))
	}
}
