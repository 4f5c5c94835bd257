package ledgerproof

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"postfleet/internal/progress"
)

// snapshot returns what a snapshot shows of the account's rows and the model
// knows. The token of a claim stands in for its worker and its time.
func (m model) snapshot() []progress.Row {
	rows := make([]progress.Row, 0, rowsPerAccount)
	for i, r := range m.rows {
		row := progress.Row{
			ID: m.jobOf(i), Status: r.status, Phase: phases()[r.phase], Attempts: r.attempts, Deaths: r.deaths,
		}
		if r.unknown {
			row.Error = progress.UnknownPrefix
		}
		if r.status == progress.StatusClaimed {
			row.WorkerID, row.Caption = fmt.Sprint(r.worker), r.token
		}
		rows = append(rows, row)
	}
	return rows
}

// shown is the same of a row that the ledger returned.
func shown(row progress.Row) progress.Row {
	seen := progress.Row{
		ID: row.ID, Status: row.Status, Phase: row.Phase, Attempts: row.Attempts, Deaths: row.Deaths,
	}
	if row.Unknown() {
		seen.Error = progress.UnknownPrefix
	}
	if row.Status == progress.StatusClaimed {
		seen.WorkerID, seen.Caption = row.WorkerID, row.Token()
	}
	return seen
}

// same reports whether the answer is as wanted, as far as the account sees it.
func same(in input, want, got answer, account int) bool {
	if want.Answer != got.Answer {
		return false
	}
	switch in.Op {
	case opClaim:
		return want.Job == got.Job && want.Attempt == got.Attempt && want.Verify == got.Verify &&
			want.Phase == got.Phase
	case opRescue:
		mine := slices.DeleteFunc(slices.Clone(got.Freed), func(f progress.Rescued) bool {
			return accountOf(f.ID) != account
		})
		return slices.Equal(want.Freed, mine)
	case opSnapshot:
		if len(got.Rows) != historyRows {
			return false
		}
		for i, row := range want.Rows {
			seen := shown(got.Rows[row.ID-1])
			if row.Caption == "" {
				seen.Caption = "" // nobody was told that token
			}
			if want.Rows[i] != seen {
				return false
			}
		}
	}
	return true
}

func (m model) String() string {
	var b strings.Builder
	for i, r := range m.rows {
		fmt.Fprintf(&b, "%d:%s/%d a%d d%d", m.jobOf(i), r.status, r.phase, r.attempts, r.deaths)
		if r.status == progress.StatusClaimed {
			fmt.Fprintf(&b, " by %d.%d %s", r.worker, r.life, r.token)
		}
		b.WriteString("; ")
	}
	return b.String()
}

func (in input) describe(out answer) string {
	text := fmt.Sprintf("%d.%d %s", in.worker, in.life, in.Op)
	switch in.Op {
	case opPhase, opFinish, opRequeue:
		text += fmt.Sprintf(" job %d %s%s %s", in.Job, in.Phase, in.Outcome, in.Token)
	}
	if in.unanswered {
		return text + ": killed"
	}
	text += ": " + out.Answer
	if out.Job > 0 {
		text += fmt.Sprintf("job %d attempt %d phase %q %s", out.Job, out.Attempt, out.Phase, out.Token)
	}
	for _, f := range out.Freed {
		text += fmt.Sprintf(" %d of %s", f.ID, f.WorkerID)
	}
	return text
}

// hash makes the search compare few states.
func (m model) hash(seed maphash.Seed) uint64 { return maphash.Comparable(seed, m) }
