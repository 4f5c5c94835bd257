package main

import (
	"slices"
	"testing"
	"time"

	"postfleet/internal/progress"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	n := len(kinds())
	first := schedule(7, time.Minute, n, 4)
	if !slices.Equal(first, schedule(7, time.Minute, n, 4)) {
		t.Error("the same seed gave another schedule")
	}
	if slices.Equal(first, schedule(8, time.Minute, n, 4)) {
		t.Error("another seed gave the same schedule")
	}
	seen := map[string]bool{}
	for i, e := range first {
		seen[e.Kind] = true
		if e.At < 0 || e.At >= time.Minute || e.Worker < 0 || e.Worker > 3 || i > 0 && e.At < first[i-1].At {
			t.Errorf("event %d is out of place: %+v", i, e)
		}
	}
	if len(seen) != n {
		t.Errorf("kinds in one round: got %d, want %d", len(seen), n)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	p := post{"a", "c"}
	tests := []struct {
		name                       string
		status                     progress.Status
		phase                      progress.Phase
		text                       string
		posts                      []post
		asked                      int
		twice, lost, wrong, unsure int
	}{
		{name: "posted", status: progress.StatusSuccess, posts: []post{p}, asked: 1},
		{name: "posted twice", status: progress.StatusSuccess, posts: []post{p, p}, asked: 1, twice: 1},
		{name: "success without a post", status: progress.StatusSuccess, asked: 1, wrong: 1},
		{name: "fail with a post", status: progress.StatusFail, posts: []post{p}, asked: 1, wrong: 1},
		{name: "fail", status: progress.StatusFail, asked: 1},
		{name: "pending with a post", status: progress.StatusPending, posts: []post{p}, asked: 1, wrong: 1},
		{
			name: "waits for verification", status: progress.StatusPending, phase: progress.PhasePosting,
			posts: []post{p}, asked: 1,
		},
		{
			name: "unknown", status: progress.StatusFail, text: progress.UnknownPrefix + "x",
			posts: []post{p}, asked: 1, unsure: 1,
		},
		{
			name: "unknown and twice", status: progress.StatusFail, text: progress.UnknownPrefix,
			posts: []post{p, p}, asked: 1, twice: 1, unsure: 1,
		},
		{name: "claimed by nobody", status: progress.StatusClaimed, asked: 1, lost: 1},
		{name: "no row", status: progress.StatusFail, asked: 2, lost: 1},
		{name: "not asked for", status: progress.StatusSuccess, posts: []post{p, {"b", "c"}}, asked: 1, twice: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			row := progress.Row{ID: 1, Account: "a", Caption: "c", Status: tt.status, Phase: tt.phase, Error: tt.text}
			f := judge([]progress.Row{row}, tt.posts, tt.asked)
			got := [4]int{len(f.Twice), len(f.Lost), len(f.Contradictions), len(f.Unknown)}
			if want := [4]int{tt.twice, tt.lost, tt.wrong, tt.unsure}; got != want {
				t.Errorf("twice, lost, contradicted, unknown: got %v, want %v\n%+v", got, want, f)
			}
		})
	}
}
