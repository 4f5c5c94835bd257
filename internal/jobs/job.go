// Package jobs reads the operator's spreadsheet (jobs.csv) and keeps two logs
// that outlive a run: what came of each attempt (results.csv), and which video
// was posted for which account (posted.csv). It knows nothing of claims: who runs a job, and
// how far it has gone, is internal/progress. The CSV reading and writing that
// keeps every byte is here, and progress uses it too.
package jobs

import "strings"

// PostJob is one row of jobs.csv: one video to be published on one account.
type PostJob struct {
	// ID is 1-based, given in file order, and never changes.
	ID int
	// Account is trimmed. Video is the trimmed video_path as written, but for
	// an absolute path inside the media root: that is made relative, because a
	// worker has the media mounted elsewhere.
	Account string
	Video   string
	// Caption is byte for byte what the file holds, line breaks included.
	Caption string
	// AllowRepeat lets the job post a video that the account has posted before.
	AllowRepeat bool
	// Extra are the columns that are not ours, by header, as far as they are
	// not empty. They are offered to recipes; nil when there are none.
	//
	// The ledger has neither Extra nor AllowRepeat: only jobs.csv does.
	Extra map[string]string
}

// detached returns the job with texts of its own, which are no part of a file's.
func (j PostJob) detached() PostJob {
	j.Account, j.Video, j.Caption = strings.Clone(j.Account), strings.Clone(j.Video), strings.Clone(j.Caption)
	if j.Extra == nil {
		return j
	}
	extra := make(map[string]string, len(j.Extra))
	for name, text := range j.Extra {
		extra[strings.Clone(name)] = strings.Clone(text)
	}
	j.Extra = extra
	return j
}
