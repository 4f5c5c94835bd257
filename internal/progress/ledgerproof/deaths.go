package ledgerproof

import "slices"

// deaths is how often a worker died with a job: certainly, or perhaps, because
// it was killed while it gave the job back.
type deaths struct{ certain, perhaps int }

// judgeDeaths holds the deaths that the ledger counted against the kills. Of a
// worker that was killed in its claim nobody knows what it had; that goes for
// any job, but for one.
func (f *Findings) judgeDeaths(all facts) {
	died, unknown := make(map[int]deaths), 0
	for _, l := range all.lives {
		if !l.Killed {
			continue
		}
		job, certain := l.diedWith()
		d := died[job]
		switch {
		case l.underWay().Op == opClaim:
			unknown++
			continue
		case job == 0:
			continue
		case certain:
			d.certain++
		default:
			d.perhaps++
		}
		died[job] = d
	}
	counted := make(map[int]int)
	for _, row := range slices.Concat(all.requeued, all.rows) {
		counted[row.ID] += row.Deaths
		f.Rescues += row.Deaths
	}
	for _, row := range all.rows {
		d := died[row.ID]
		unknown -= max(0, counted[row.ID]-d.certain-d.perhaps)
		if counted[row.ID] < d.certain || unknown < 0 {
			f.problem(&f.Miscounted, "job %d: the ledger counted %d deaths, the record has %d, and perhaps %d",
				row.ID, counted[row.ID], d.certain, d.perhaps)
			unknown = max(0, unknown)
		}
	}
}

// diedWith returns the job that a killed worker had, 0 for none. It is not
// certain when the worker was about to end the claim.
func (l *life) diedWith() (job int, certain bool) {
	var under *call
	for _, e := range l.Events {
		switch {
		case e.Call != nil:
			under = e.Call
			certain = certain && under.Op != opFinish
		case under.Op == opClaim:
			job, certain = e.Answer.Job, e.Answer.Job != 0
		case under.Op == opFinish && e.Answer.Answer == answerOK:
			job = 0
		}
	}
	return job, certain
}

// underWay returns the call that the life's record ends with, none when the
// last was answered.
func (l *life) underWay() call {
	if n := len(l.Events); n > 0 && l.Events[n-1].Call != nil {
		return *l.Events[n-1].Call
	}
	return call{}
}
