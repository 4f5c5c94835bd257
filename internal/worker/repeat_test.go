package worker_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// video gives job id's video this content.
func (b *bench) video(id int, content string) {
	b.t.Helper()
	must(b.t, os.WriteFile(b.path(filepath.Join("media", b.rows()[id-1].Video)), []byte(content), 0o600))
}

// hash returns the content of job id's video as posted.csv has it.
func (b *bench) hash(id int) string {
	b.t.Helper()
	sum, err := jobs.HashVideo(b.t.Context(), b.path(filepath.Join("media", b.rows()[id-1].Video)))
	must(b.t, err)
	return sum
}

func (b *bench) log() jobs.PostedLog {
	b.t.Helper()
	log, err := jobs.ReadPosted(b.path("posted.csv"), nil)
	must(b.t, err)
	return log
}

// TestSameVideoIsPostedOnce: the content counts, for one account.
func TestSameVideoIsPostedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a", "b", "a", "a")
		for _, id := range []int{1, 2, 4} {
			b.video(id, "the same")
		}
		must(t, b.run())
		wantStatuses(t, b, "success", "success", "success", "skip")
		if b.poster.posts[4] != 0 || len(b.poster.runs) != 3 {
			t.Errorf("got posts %v, want none of the fourth job", b.poster.posts)
		}
		at, ok := b.log().Find("a", b.hash(1))
		if !ok || at.JobID != 1 {
			t.Fatalf("got %+v, %t, want job 1 in posted.csv", at, ok)
		}
		want := "duplicate: this video was posted for the account at " + at.At.Format(time.RFC3339) + " (job 1); "
		if got := b.rows()[3].Error; !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want it to begin with %q", got, want)
		}
		last := b.results()[3]
		if last["status"] != "skip" || last["error_class"] != "input" || !strings.HasPrefix(last["error"], want) {
			t.Errorf("got results %v, want the skip", last)
		}
		for id, account := range map[int]string{2: "b", 3: "a"} {
			if p, ok := b.log().Find(account, b.hash(id)); !ok || p.JobID != id {
				t.Errorf("job %d: got %+v, %t, want it in posted.csv", id, p, ok)
			}
		}
	})
}

// TestPostedInAnEarlierLedger: posted.csv is all there is of it. The row may
// say that it is to be posted all the same.
func TestPostedInAnEarlierLedger(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]progress.Status{"": progress.StatusSkip, "yes": progress.StatusSuccess} {
		t.Run("allow_repeat "+cell, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a")
				text := "account_name,video_path,caption,allow_repeat\na,v1.mp4,caption 1," + cell + "\n"
				must(t, os.WriteFile(b.path("jobs.csv"), []byte(text), 0o600))
				before := time.Date(1999, 1, 2, 3, 4, 5, 0, time.UTC) // the clock of a bubble begins in 2000
				must(t, jobs.AppendPosted(b.path("posted.csv"), jobs.Posted{
					Account: "a", SHA256: b.hash(1), JobID: 1, At: before,
				}))
				must(t, b.run())
				wantStatuses(t, b, want)
				if skipped := want == progress.StatusSkip; (len(b.poster.runs) == 0) != skipped ||
					strings.Contains(b.rows()[0].Error, "1999-01-02T03:04:05Z (job 1)") != skipped {
					t.Errorf("got %d attempts, %+v", len(b.poster.runs), b.rows()[0])
				}
				p, ok := b.log().Find("a", b.hash(1))
				if posted := want == progress.StatusSuccess; !ok || p.At.After(before) != posted {
					t.Errorf("got %+v, %t, want the last post", p, ok)
				}
			})
		})
	}
}

// TestPostIsLoggedBeforeItsEnd: what the ledger calls a success is in the log.
func TestPostIsLoggedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		sum := b.hash(1)
		calls := 0
		must(t, b.shaky(func(name string, _ int) (error, bool) {
			_, ok := b.log().Find("a", sum)
			switch name {
			case "finish":
				calls++
				if !ok {
					t.Error("finished before it was in posted.csv")
				}
			case "phase posting", "phase posted":
				calls++
				if ok {
					t.Errorf("in posted.csv before %s", name)
				}
			}
			return nil, false
		}).Run(t.Context()))
		if calls != 3 {
			t.Errorf("got %d calls, want posting, posted and finish", calls)
		}
	})
}

// TestOtherOutcomesAreNoPosts: only what is proved to be posted is in the log.
func TestOtherOutcomesAreNoPosts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		tapped bool
		err    error
	}{
		{"fail", false, fault.Errorf(fault.Content, "x")},
		{"unknown", true, fault.Errorf(fault.OutcomeUnknown, "x")},
		{"absent", true, absentAs(fault.Content)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a")
				b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
					if tt.tapped {
						must(t, b.poster.tap(ctx, a))
					}
					return tt.err
				}
				must(t, b.run())
				if b.log().Has("a") {
					t.Error("it is in posted.csv")
				}
			})
		})
	}
}

// TestVerifiedPostIsLogged: a dead worker's post as well, and a claim that
// verifies is no second post, though it is in the log already.
func TestVerifiedPostIsLogged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		phase  progress.Phase
		logged bool
	}{
		{"died at posting", progress.PhasePosting, false},
		{"died at posted", progress.PhasePosted, false},
		{"died behind the log", progress.PhasePosted, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "a")
				leaveBehind(t, b, tt.phase)
				sum := b.hash(1)
				if tt.logged {
					must(t, jobs.AppendPosted(b.path("posted.csv"), jobs.Posted{Account: "a", SHA256: sum, JobID: 1}))
				}
				b.poster.verifyFunc = func(context.Context, posting.Attempt) (posting.Verdict, error) {
					return posting.VerdictPosted, nil
				}
				must(t, b.run())
				wantStatuses(t, b, "success")
				if p, ok := b.log().Find("a", sum); !ok || p.JobID != 1 {
					t.Errorf("got %+v, %t, want the post in posted.csv", p, ok)
				}
			})
		})
	}
}

func TestVerifiedPostWithoutVideo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "a")
		leaveBehind(t, b, progress.PhasePosted)
		must(t, os.Remove(b.path("media/v1.mp4")))
		must(t, b.run())
		wantStatuses(t, b, "success")
		if b.log().Has("a") || !strings.Contains(b.logs.String(), "its video is gone") {
			t.Errorf("got %+v, want a warning in the log", b.log())
		}
	})
}

// TestPostedLogInTrouble: a post that cannot be logged is a post all the same,
// and a log that cannot be read lets nothing be posted.
func TestPostedLogInTrouble(t *testing.T) {
	t.Parallel()
	t.Run("not written", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, "a")
			b.poster.runFunc = func(ctx context.Context, a posting.Attempt) error {
				must(t, os.Mkdir(b.path("posted.csv"), 0o755))
				return b.poster.post(ctx, a)
			}
			must(t, b.run())
			wantStatuses(t, b, "success")
			if !strings.Contains(b.logs.String(), "line lost") {
				t.Error("nothing in the log about the line")
			}
		})
	})
	t.Run("not read", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, "a")
			must(t, os.Mkdir(b.path("posted.csv"), 0o755))
			must(t, b.run())
			wantStatuses(t, b, "fail")
			row := b.rows()[0]
			if row.Attempts != 3 || !strings.Contains(row.Error, "read what was posted") || len(b.poster.runs) != 0 {
				t.Errorf("got %+v after %d attempts, want a fail after 3 and none of them on the phone",
					row, len(b.poster.runs))
			}
		})
	})
}
