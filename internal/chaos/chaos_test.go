package main

import (
	"slices"
	"testing"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/testbed"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	all := kinds()
	first := schedule(all, 7, time.Minute, len(all), 4)
	if !slices.Equal(first, schedule(all, 7, time.Minute, len(all), 4)) {
		t.Error("the same seed gave another schedule")
	}
	if slices.Equal(first, schedule(all, 8, time.Minute, len(all), 4)) {
		t.Error("another seed gave the same schedule")
	}
	seen := map[string]bool{}
	for i, e := range first {
		seen[e.Kind] = true
		k := all[slices.IndexFunc(all, func(k kind) bool { return k.name == e.Kind })]
		if e.At < 0 || e.At >= time.Minute || e.Worker < 0 || e.Worker > 3 || i > 0 && e.At < first[i-1].At ||
			e.Hold < k.least || e.Hold > k.most {
			t.Errorf("event %d is out of place: %+v", i, e)
		}
	}
	if len(seen) != len(all) {
		t.Errorf("kinds in one round: got %d, want %d", len(seen), len(all))
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	if got, err := named([]string{"freeze", "kill_adb"}); err != nil || len(got) != 2 {
		t.Errorf("two kinds: got %d, %v", len(got), err)
	}
	if got, err := named(nil); err != nil || len(got) != len(kinds()) {
		t.Errorf("no names: got %d, %v, want all", len(got), err)
	}
	if _, err := named([]string{"flood"}); err == nil {
		t.Error("an unknown kind was taken")
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	all := []time.Duration{5, 1, 4, 2, 3}
	for share, want := range map[float64]time.Duration{0: 1, 0.2: 1, 0.5: 3, 0.95: 5, 1: 5} {
		if got := percentile(all, share); got != want {
			t.Errorf("percentile %v: got %d, want %d", share, got, want)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	p := testbed.Post{Account: "a", Caption: "c", SHA256: "s"}
	other := testbed.Post{Account: "a", Caption: "c", SHA256: "another video"}
	tests := []struct {
		name                       string
		status                     progress.Status
		phase                      progress.Phase
		text                       string
		posts                      []testbed.Post
		asked                      int
		twice, lost, wrong, unsure int
	}{
		{name: "posted", status: progress.StatusSuccess, posts: []testbed.Post{p}, asked: 1},
		{name: "posted twice", status: progress.StatusSuccess, posts: []testbed.Post{p, p}, asked: 1, twice: 1},
		{name: "success without a post", status: progress.StatusSuccess, asked: 1, wrong: 1},
		{name: "fail with a post", status: progress.StatusFail, posts: []testbed.Post{p}, asked: 1, wrong: 1},
		{name: "fail", status: progress.StatusFail, asked: 1},
		{name: "pending", status: progress.StatusPending, asked: 1, lost: 1},
		{
			name: "waits for verification", status: progress.StatusPending, phase: progress.PhasePosting,
			posts: []testbed.Post{p}, asked: 1, lost: 1,
		},
		{
			name: "unknown", status: progress.StatusFail, text: progress.UnknownPrefix + "x",
			posts: []testbed.Post{p}, asked: 1, unsure: 1,
		},
		{
			name: "unknown and twice", status: progress.StatusFail, text: progress.UnknownPrefix,
			posts: []testbed.Post{p, p}, asked: 1, twice: 1, unsure: 1,
		},
		{name: "claimed by nobody", status: progress.StatusClaimed, asked: 1, lost: 1},
		{name: "no row", status: progress.StatusFail, asked: 2, lost: 1},
		{name: "no job", status: progress.StatusFail, wrong: 1},
		{name: "another video", status: progress.StatusSuccess, posts: []testbed.Post{p, other}, asked: 1, twice: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			row := progress.Row{ID: 1, Account: "a", Caption: "c", Status: tt.status, Phase: tt.phase, Error: tt.text}
			asked := []testbed.Post{p, {Account: "b"}}[:tt.asked]
			f := judge([]progress.Row{row}, tt.posts, asked)
			got := [4]int{len(f.Twice), len(f.Lost), len(f.Contradictions), len(f.Unknown)}
			if want := [4]int{tt.twice, tt.lost, tt.wrong, tt.unsure}; got != want {
				t.Errorf("twice, lost, contradicted, unknown: got %v, want %v\n%+v", got, want, f)
			}
		})
	}
}
