package orchestrator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/logging"
	"postfleet/workerimage"
)

const (
	workersFolder = "workers"
	// dueSlack is how far past its due time a back-off is still believed: an
	// orchestrator that was killed never corrects what it wrote.
	dueSlack = 30 * time.Second
)

// slotNote is what a slot without a worker leaves in the data directory for
// other processes to see: no container's label can say it. It is there as long
// as the slot is parked, gave up or backs off, and after the run that wrote it
// until the next begins.
type slotNote struct {
	// Run is the run that wrote it, as in workerimage.LabelRun.
	Run      time.Time `json:"run"`
	Worker   int       `json:"worker"`
	Device   string    `json:"device"`
	Phase    SlotPhase `json:"phase"`
	Reason   string    `json:"reason"`
	Restarts int       `json:"restarts"`
	Since    time.Time `json:"since"`
	// Due is when a back-off ends.
	Due time.Time `json:"due,omitzero"`
}

func notePath(dataDir string, slot int) string {
	return filepath.Join(dataDir, workersFolder, "slot-"+strconv.Itoa(slot)+".json")
}

// note writes down the slot's state where others cannot see it otherwise, and
// removes what does not hold any more. Trouble with it stops nothing.
func (s *slot) note(state SlotState, due time.Time) {
	path := notePath(s.fleet.opts.DataDir, s.ID)
	var err error
	switch state.Phase {
	case SlotParked, SlotGaveUp, SlotBackoff:
		s.noted = true
		err = writeNote(path, slotNote{
			Run: s.fleet.started.UTC(), Worker: state.ID, Device: state.Device, Phase: state.Phase,
			Reason: state.Reason, Restarts: state.Restarts, Since: state.Since.UTC(), Due: due.UTC(),
		})
	default:
		if s.noted {
			s.noted = false
			err = removeNote(path)
		}
	}
	if err != nil {
		s.logger.Warn("status will not show the slot's reason", logging.Err(err))
	}
}

func writeNote(path string, n slotNote) error {
	if err := os.MkdirAll(filepath.Dir(path), dirPerm); err != nil {
		return fmt.Errorf("note a slot's state: %w", err)
	}
	return jobs.ReplaceFile(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(n) })
}

func removeNote(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a slot's note: %w", err)
	}
	return nil
}

// clearNotes removes what earlier runs noted.
func clearNotes(dataDir string) error {
	paths, err := noteFiles(dataDir)
	for _, path := range paths {
		err = errors.Join(err, removeNote(path))
	}
	return err
}

func noteFiles(dataDir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dataDir, workersFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for slots' notes: %w", err)
	}
	var paths []string
	for _, e := range entries {
		if ok, _ := filepath.Match("slot-*.json", e.Name()); ok && e.Type().IsRegular() {
			paths = append(paths, filepath.Join(dataDir, workersFolder, e.Name()))
		}
	}
	return paths, nil
}

// readNotes returns the notes that hold now. One that cannot be read says
// nothing; one older than a container of the fleet is of an earlier run.
func readNotes(dataDir string, containers []Container, now time.Time) []slotNote {
	paths, err := noteFiles(dataDir)
	if err != nil {
		return nil
	}
	var newest time.Time
	for _, c := range containers {
		if run, err := time.Parse(time.RFC3339, c.Labels[workerimage.LabelRun]); err == nil && run.After(newest) {
			newest = run
		}
	}
	var notes []slotNote
	for _, path := range paths {
		var n slotNote
		text, err := os.ReadFile(path)
		if err != nil || json.Unmarshal(text, &n) != nil || n.Run.Before(newest) {
			continue
		}
		if n.Phase != SlotBackoff || now.Before(n.Due.Add(dueSlack)) {
			notes = append(notes, n)
		}
	}
	return notes
}
