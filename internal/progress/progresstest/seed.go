package progresstest

import (
	"strings"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

func testSeed(t *testing.T, f *fixture) {
	t.Helper()
	got, err := f.Seed(t.Context(), posts("a", "b", "a"), map[int]string{2: "video v2.mp4: no such file"})
	must(t, err)
	same(t, progress.Seeded{Added: 3, Skipped: 1, Total: 3}, got)

	rows, err := f.Snapshot(t.Context())
	must(t, err)
	at := f.now()
	same(t, []progress.Row{
		{ID: 1, Account: "a", Video: "v1.mp4", Caption: "post 1", Status: progress.StatusPending, Time: at},
		{
			ID: 2, Account: "b", Video: "v2.mp4", Caption: "post 2", Status: progress.StatusSkip, Time: at,
			Error: "video v2.mp4: no such file",
		},
		{ID: 3, Account: "a", Video: "v3.mp4", Caption: "post 3", Status: progress.StatusPending, Time: at},
	}, rows)
	same(t, posts("a")[0], rows[0].Job())
}

func testSeedAdds(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "b")
	m := f.join(t, "0")
	must(t, m.Finish(t.Context(), claim(t, m, progress.Terms{}), progress.Success()))
	done := f.row(t, 1)

	got, err := f.Seed(t.Context(), posts("a", "b", "c"), map[int]string{1: "only new rows are skipped"})
	must(t, err)
	same(t, progress.Seeded{Added: 1, Total: 3}, got)
	same(t, done, f.row(t, 1))
	same(t, progress.StatusPending, f.row(t, 3).Status)

	got, err = f.Seed(t.Context(), posts("a", "b", "c"), nil)
	must(t, err)
	same(t, progress.Seeded{Total: 3}, got)
}

func testSeedRefuses(t *testing.T, f *fixture) {
	t.Helper()
	f.seed(t, "a", "b")
	change := func(fn func(j *jobs.PostJob)) []jobs.PostJob {
		all := posts("a", "b", "c")
		fn(&all[1])
		return all
	}
	account := change(func(j *jobs.PostJob) { j.Account = "z" })
	video := change(func(j *jobs.PostJob) { j.Video = "z" })
	caption := change(func(j *jobs.PostJob) { j.Caption = "z" })
	for name, tt := range map[string]struct {
		all  []jobs.PostJob
		want []string
	}{
		"account": {account, []string{"job 2", "account_name", `"b"`, `"z"`}},
		"video":   {video, []string{"job 2", "video_path", `"v2.mp4"`, `"z"`}},
		"caption": {caption, []string{"job 2", "caption", `"post 2"`, `"z"`}},
		"shorter": {posts("a"), []string{"1 jobs", "ledger has 2", `"v2.mp4"`}},
	} {
		_, err := f.Seed(t.Context(), tt.all, nil)
		want(t, err, progress.ErrChanged)
		if !fault.Is(err, fault.Input) {
			t.Errorf("%s: got class %v, want %v", name, fault.Of(err), fault.Input)
		}
		for _, w := range tt.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: got %q, want %q in it", name, err, w)
			}
		}
		rows, err := f.Snapshot(t.Context())
		must(t, err)
		same(t, 2, len(rows))
	}
}

// testSeedKeepsBytes: what a spreadsheet may hold comes back as it was.
func testSeedKeepsBytes(t *testing.T, f *fixture) {
	t.Helper()
	all := posts("a", `b "quoted", and comma`)
	all[0].Caption = "one\r\ntwo\nthree\rfour \"five\", ; 🎬 שלום  "
	all[1].Caption = ""
	_, err := f.Seed(t.Context(), all, nil)
	must(t, err)
	_, err = f.Seed(t.Context(), all, nil)
	must(t, err)
	same(t, all[0], f.row(t, 1).Job())
	same(t, all[1], f.row(t, 2).Job())
	same(t, all[0], claim(t, f.join(t, "0"), progress.Terms{}).Job)
}
