package progress

import (
	"errors"
	"fmt"
	"time"

	"postfleet/internal/jobs"
)

// Status is a row's state.
type Status string

// The states of a row.
const (
	StatusPending Status = "pending"
	StatusClaimed Status = "claimed"
	StatusSuccess Status = "success"
	StatusFail    Status = "fail"
	StatusSkip    Status = "skip"
)

// Phase is how far a claimed row's attempt has irreversibly gone.
type Phase string

// The phases of a claimed row, in order.
const (
	// PhaseNone: nothing irreversible has happened.
	PhaseNone Phase = ""
	// PhasePosting: the share tap may have happened. A pending row with it
	// waits for a claim that verifies.
	PhasePosting Phase = "posting"
	// PhasePosted: the post was seen on the profile. A pending row with it
	// waits for a claim that ends it as a success.
	PhasePosted Phase = "posted"
)

// UnknownPrefix begins the error of a fail row whose outcome nobody could tell.
const UnknownPrefix = "outcome unknown: "

// Row is one line of progress.csv.
type Row struct {
	ID       int
	Account  string
	Video    string
	Caption  string
	Status   Status
	WorkerID string
	// Time is when the status last changed.
	Time  time.Time
	Error string
	// Attempts counts those that ended; a worker's death is none.
	Attempts  int
	Phase     Phase
	NotBefore time.Time // zero: at once
	// Deaths counts the workers that died while they held the row, since a
	// person last requeued it. It is no column of progress.csv.
	Deaths int
}

// Job returns the row's job, without the columns that only jobs.csv has.
func (r Row) Job() jobs.PostJob {
	return jobs.PostJob{ID: r.ID, Account: r.Account, Video: r.Video, Caption: r.Caption}
}

// Check returns what is wrong with a row that no transition makes.
func (r *Row) Check() error {
	switch {
	case !r.Status.known():
		return fmt.Errorf("unknown status %q", r.Status)
	case r.Phase != PhaseNone && r.Phase.rank() == 0:
		return fmt.Errorf("unknown phase %q", r.Phase)
	case r.Status == StatusClaimed && r.WorkerID == "":
		return errors.New("claimed by no worker")
	case r.Attempts < 0, r.Deaths < 0:
		return errors.New("negative attempts or deaths")
	case r.Account == "" || r.Video == "":
		return errors.New("no account or no video")
	}
	return nil
}

func (s Status) known() bool {
	switch s {
	case StatusPending, StatusClaimed, StatusSuccess, StatusFail, StatusSkip:
		return true
	}
	return false
}
