package ledgerproof

import (
	"slices"
	"testing"
	"time"

	"postfleet/internal/progress"
)

// story is the record of one life, at the times given.
type story struct{ life }

func lifeOf(worker string) *story { return &story{life{Worker: worker, Number: 1}} }

func (s *story) call(at int64, c call) *story {
	s.Events = append(s.Events, event{At: at, Call: &c})
	return s
}

func (s *story) answer(at int64, a answer) *story {
	s.Events = append(s.Events, event{At: at, Answer: &a})
	return s
}

func (s *story) claims(at int64, job int, token string) *story {
	return s.call(at, call{Op: opClaim}).answer(at+1, answer{Job: job, Token: token})
}

func (s *story) ends(at int64, job int, token string) *story {
	return s.call(at, call{Op: opFinish, Job: job, Token: token, Outcome: outcomeSuccess}).answer(at+1, answer{})
}

func (s *story) dies(at int64) *story {
	s.KilledAt, s.EndedAt, s.Killed = at, at+1, true
	return s
}

// sound is a run of two jobs of one account in which nothing is wrong: the
// first worker dies with job 1, another ends both.
func sound() facts {
	rows := []progress.Row{
		{ID: 1, Account: "a", Status: progress.StatusSuccess, Time: time.Unix(1, 0), Deaths: 1},
		{ID: 2, Account: "a", Status: progress.StatusSuccess, Time: time.Unix(2, 0)},
	}
	f := facts{
		lives: []life{
			lifeOf("0").claims(10, 1, "0@1").dies(20).life,
			lifeOf("1").claims(30, 1, "1@1").ends(40, 1, "1@1").claims(50, 2, "1@2").ends(60, 2, "1@2").life,
		},
		rows: rows, posts: map[int]int{1: 1, 2: 1}, reads: reads{Reads: 1},
	}
	for _, r := range rows {
		f.reads.Rows = append(f.reads.Rows, struct {
			Status    string `json:"status"`
			Timestamp string `json:"timestamp"`
		}{string(r.Status), progress.FormatTime(r.Time)})
	}
	return f
}

// TestJudge spoils a sound run in every way that the judge is to find.
func TestJudge(t *testing.T) {
	t.Parallel()
	died := []progress.Row{{ID: 2, Account: "a", Status: progress.StatusFail, Deaths: 3}}
	tests := []struct {
		name  string
		spoil func(*facts)
		count func(Findings) int // nil: nothing is wrong
	}{
		{"sound", func(*facts) {}, nil},
		{"claimed while another has it", func(f *facts) {
			f.lives = append(f.lives, lifeOf("2").claims(35, 1, "2@1").life)
		}, func(f Findings) int { return f.ClaimedTwice }},
		{"claimed when the other may be dead", func(f *facts) {
			f.lives[0].KilledAt = 5 // it lived on for a moment, and nobody knows how long
		}, nil},
		{"account claimed twice", func(f *facts) {
			f.lives = append(f.lives, lifeOf("2").claims(35, 2, "2@2").life)
		}, func(f Findings) int { return f.AccountsTwice }},
		{"claimed after its success", func(f *facts) {
			f.lives = append(f.lives, lifeOf("2").claims(70, 1, "2@1").life)
		}, func(f Findings) int { return f.ClaimedAfter }},
		{"ended by an older claim", func(f *facts) {
			f.lives = append(f.lives, lifeOf("2").claims(5, 1, "2@1").ends(44, 1, "2@1").life)
		}, func(f Findings) int { return f.StaleCompletions }},
		{"old claim accepted", func(f *facts) {
			f.lives[1] = lifeOf("1").call(1, call{Op: opStale, Job: 1}).answer(2, answer{}).life
		}, func(f Findings) int { return f.StaleCompletions }},
		{"old claim refused", func(f *facts) {
			f.lives = append(f.lives, lifeOf("2").call(1, call{Op: opStale}).answer(2, answer{Answer: answerLost}).life)
		}, nil},
		{"claim of a living worker lost", func(f *facts) {
			s := lifeOf("2").claims(70, 3, "2@1").call(80, call{Op: opPhase}).answer(81, answer{Answer: answerLost})
			f.lives = append(f.lives, s.life)
		}, func(f Findings) int { return f.RobbedLiving }},
		{
			"claim of a stopped worker lost", func(f *facts) { f.lives[0].ZombieLost = true },
			func(f Findings) int { return f.RobbedZombies },
		},
		{
			"row pending in the end", func(f *facts) { f.rows[1].Status = progress.StatusPending },
			func(f Findings) int { return f.Lost },
		},
		{"row gone", func(f *facts) { f.rows = f.rows[:1] }, func(f Findings) int { return f.Lost }},
		{"success without a post", func(f *facts) { f.posts[1] = 0 }, func(f Findings) int { return f.Lost }},
		{"posted twice", func(f *facts) { f.posts[1] = 2 }, func(f Findings) int { return f.PostedTwice }},
		{"death not counted", func(f *facts) { f.rows[0].Deaths = 0 }, func(f Findings) int { return f.Miscounted }},
		{"death of nobody", func(f *facts) { f.rows[1].Deaths = 1 }, func(f Findings) int { return f.Miscounted }},
		{
			"failed and put back without deaths", func(f *facts) { f.requeued = died },
			func(f Findings) int { return f.Miscounted },
		},
		{"killed in a claim, of which nobody knows", func(f *facts) {
			f.lives = append(f.lives, lifeOf("2").call(70, call{Op: opClaim}).dies(71).life)
			f.rows[1].Deaths = 1
		}, nil},
		{"killed at the end of a claim", func(f *facts) {
			s := lifeOf("2").claims(1, 1, "2@1").call(3, call{Op: opFinish, Job: 1, Outcome: outcomeAbsent}).dies(4)
			f.lives = append(f.lives, s.life)
		}, nil},
		{"unreadable", func(f *facts) { f.reads.Unreadable = 1 }, func(f Findings) int { return f.Unreadable }},
		{"went back", func(f *facts) { f.reads.Back = 1 }, func(f Findings) int { return f.WentBack }},
		{
			"table behind the ledger", func(f *facts) { f.reads.Rows[0].Status = "claimed" },
			func(f Findings) int { return f.Different },
		},
		{
			"table short", func(f *facts) { f.reads.Rows = f.reads.Rows[:1] },
			func(f Findings) int { return f.Different },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all := sound()
			tt.spoil(&all)
			f := judge(all)
			wrong := slices.Max([]int{
				f.ClaimedTwice, f.AccountsTwice, f.ClaimedAfter, f.Lost, f.PostedTwice, f.StaleCompletions,
				f.RobbedLiving, f.RobbedZombies, f.Miscounted, f.Unreadable, f.WentBack, f.Different,
			})
			switch {
			case tt.count == nil && wrong > 0:
				t.Errorf("got %+v, want nothing wrong", f)
			case tt.count != nil && tt.count(f) == 0:
				t.Errorf("got %+v, want it found", f)
			}
		})
	}
}
