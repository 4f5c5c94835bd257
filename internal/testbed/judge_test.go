package testbed_test

import (
	"testing"

	"postfleet/internal/progress"
	"postfleet/internal/testbed"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	p := testbed.Post{Account: "a", Caption: "c", SHA256: "s"}
	other := testbed.Post{Account: "a", Caption: "c", SHA256: "another video"}
	tests := []struct {
		name                                string
		status                              progress.Status
		phase                               progress.Phase
		text                                string
		posts                               []testbed.Post
		asked                               int
		twice, lost, waiting, wrong, unsure int
	}{
		{name: "posted", status: progress.StatusSuccess, posts: []testbed.Post{p}, asked: 1},
		{name: "posted twice", status: progress.StatusSuccess, posts: []testbed.Post{p, p}, asked: 1, twice: 1},
		{name: "success without a post", status: progress.StatusSuccess, asked: 1, wrong: 1},
		{name: "fail with a post", status: progress.StatusFail, posts: []testbed.Post{p}, asked: 1, wrong: 1},
		{name: "fail", status: progress.StatusFail, asked: 1},
		{name: "pending", status: progress.StatusPending, asked: 1, waiting: 1},
		{name: "pending, yet posted", status: progress.StatusPending, posts: []testbed.Post{p}, asked: 1, lost: 1},
		{
			name: "waits for verification", status: progress.StatusPending, phase: progress.PhasePosting,
			posts: []testbed.Post{p}, asked: 1, waiting: 1,
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
			f := testbed.Judge([]progress.Row{row}, tt.posts, asked)
			got := [5]int{len(f.Twice), len(f.Lost), len(f.Waiting), len(f.Contradictions), len(f.Unknown)}
			if want := [5]int{tt.twice, tt.lost, tt.waiting, tt.wrong, tt.unsure}; got != want {
				t.Errorf("twice, lost, waiting, contradicted, unknown: got %v, want %v\n%+v", got, want, f)
			}
		})
	}
}
