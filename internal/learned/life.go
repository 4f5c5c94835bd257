package learned

import (
	"slices"
	"time"
)

const (
	// maxRow is how many failures in a row a trusted record survives, and one.
	maxRow = 2
	// maxWorkers and maxVersions bound the lists of a record.
	maxWorkers  = 8
	maxVersions = 8
)

// attempt is one use of a record.
type attempt struct {
	worker, version string
	at              time.Time
}

// succeed is a success of a record that is in use. The late word of somebody
// who used what was taken out since does not bring it back.
func (r *Record) succeed(by attempt) {
	if !r.Active() {
		return
	}
	r.Successes++
	if !by.at.Before(r.LastFailed) { // else it is told late, and says nothing of the failure
		r.InARow = 0
	}
	if by.at.After(r.LastOK) {
		r.LastOK = by.at
	}
	r.noteWorker(by.worker)
	r.noteVersion(by.version)
	r.giveBack(by.worker)
	if by.worker != r.By.Worker {
		r.State, r.Canary = StateTrusted, nil
	}
}

// fail is a failure. It reports whether that took the record out.
func (r *Record) fail(by attempt, why Reason) bool {
	if !r.Active() {
		return false
	}
	r.Failures++
	r.InARow++
	r.LastFailed = by.at
	tried := r.Canary != nil && r.Canary.Worker == by.worker
	r.giveBack(by.worker)
	switch {
	case r.State == StateCandidate, why == PolicyDenied:
		r.State, r.Reason = StateRetired, why
	case !slices.Contains(r.VersionsOK, by.version):
		r.State, r.Reason = StateQuarantined, VersionNew
	case tried, r.InARow >= maxRow:
		r.State, r.Reason = StateQuarantined, why
	default:
		return false
	}
	r.Canary = nil
	return true
}

// tells reports whether a success would say something about the record that is
// not known yet, so that others should hear of it at once.
func (r *Record) tells(by attempt) bool {
	return (r.State == StateCandidate && by.worker != r.By.Worker) || r.InARow > 0 ||
		(r.Canary != nil && r.Canary.Worker == by.worker) ||
		!slices.Contains(r.VersionsOK, by.version) ||
		(len(r.Workers) < maxWorkers && !slices.Contains(r.Workers, by.worker))
}

func (r *Record) giveBack(worker string) {
	if r.Canary != nil && r.Canary.Worker == worker {
		r.Canary = nil
	}
}

func (r *Record) noteWorker(worker string) {
	if len(r.Workers) < maxWorkers && !slices.Contains(r.Workers, worker) {
		r.Workers = append(slices.Clip(r.Workers), worker)
	}
}

// noteVersion keeps the versions that worked last.
func (r *Record) noteVersion(version string) {
	if slices.Contains(r.VersionsOK, version) {
		return
	}
	r.VersionsOK = append(slices.Clip(r.VersionsOK), version)
	r.VersionsOK = r.VersionsOK[max(0, len(r.VersionsOK)-maxVersions):]
}
