package orchestrator

import (
	"strconv"
	"time"

	"postfleet/internal/progress"
	"postfleet/workerimage"
)

// workerView is what four sources say of one worker: the plan, the engine, the
// ledger, the slot's note. Each may be missing.
type workerView struct {
	slot      *Slot
	container *Container
	row       *progress.Row
	note      *slotNote
}

// workerViews are the workers by id.
type workerViews map[int]*workerView

func (view workerViews) at(id int) *workerView {
	if view[id] == nil {
		view[id] = &workerView{}
	}
	return view[id]
}

func (view workerViews) addNotes(notes []slotNote) {
	for _, n := range notes {
		view.at(n.Worker).note = &n
	}
}

func viewOf(slots []Slot, containers []Container, rows []progress.Row) workerViews {
	view := workerViews{}
	for _, s := range slots {
		view.at(s.ID).slot = &s
	}
	for _, c := range containers {
		if id, err := strconv.Atoi(c.Labels[workerimage.LabelWorker]); err == nil &&
			c.Labels[workerimage.LabelRole] == workerimage.RoleWorker {
			view.at(id).container = &c
		}
	}
	for i := range rows {
		r := &rows[i]
		if r.Status != progress.StatusClaimed {
			continue
		}
		if id, err := strconv.Atoi(r.WorkerID); err == nil {
			view.at(id).row = r
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
	if w.note != nil && (w.container == nil || w.container.State == StateExited) {
		s.fromNote(*w.note)
	}
	if w.row != nil {
		phase := string(w.row.Phase)
		s.JobID, s.AccountName, s.Phase = &w.row.ID, &w.row.Account, &phase
		s.Since = new(w.row.Time.UTC())
	}
	return s
}

// fromNote shows a slot that has no worker now, whatever became of its last.
func (s *WorkerStatus) fromNote(n slotNote) {
	s.State, s.Reason, s.Restarts, s.Since = string(n.Phase), &n.Reason, &n.Restarts, &n.Since
	if s.Device == nil {
		s.Device = &n.Device
	}
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
