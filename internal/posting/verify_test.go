package posting_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/posting"
)

const knownBefore = `{"job_id": 7, "account_name": "shop_a", "at": "2026-11-01T10:00:00Z",
  "count": 1, "captions": ["old"]}`

// TestVerify tables what is on disk and on the profile, and what Verify says.
func TestVerify(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		baseline string   // "" is no file
		posts    []string // oldest first
		setup    func(b *bench)
		verdict  posting.Verdict
		class    fault.Class
		want     string // in the error
	}{
		{name: "posted", baseline: knownBefore, posts: []string{"old", "hello"}, verdict: posting.VerdictPosted},
		{name: "absent", baseline: knownBefore, posts: []string{"old"}, verdict: posting.VerdictAbsent},
		{
			name: "absent against the app's word", posts: []string{"old"},
			baseline: strings.Replace(knownBefore, `"count"`, `"confirmed": true, "count"`, 1),
			class:    fault.OutcomeUnknown, want: "as it was before",
		},
		{
			name: "not yet for long enough", baseline: knownBefore, posts: []string{"old"},
			setup: func(b *bench) { b.cfg.ProfileLag = posting.DefaultVerifyTimeout },
			class: fault.Infra, want: "not yet for long enough",
		},
		{
			name: "another post came", baseline: knownBefore, posts: []string{"old", "other"},
			class: fault.OutcomeUnknown, want: "1 posts are new, none of those shown has the caption",
		},
		{
			name: "a post went", baseline: knownBefore,
			class: fault.OutcomeUnknown, want: "1 posts fewer",
		},
		{
			name: "one came and one went", baseline: knownBefore, posts: []string{"hello"},
			class: fault.OutcomeUnknown, want: "not the same ones",
		},
		{
			name: "no baseline, there", posts: []string{"old", "hello"},
			class: fault.OutcomeUnknown, want: "no such file",
		},
		{name: "no baseline, not there", posts: []string{"old"}, verdict: posting.VerdictAbsent},
		{
			name: "no baseline, not all shown", posts: strings.Split("a b c d e f g h i j k", " "),
			class: fault.OutcomeUnknown, want: "not all posts are shown",
		},
		{
			name: "damaged baseline", baseline: `{"job_id": 7,`, posts: []string{"old", "hello"},
			class: fault.OutcomeUnknown, want: "read baseline",
		},
		{
			name: "another job's baseline", baseline: strings.Replace(knownBefore, "7", "8", 1),
			posts: []string{"old", "hello"}, class: fault.OutcomeUnknown, want: "belongs to another job",
		},
		{
			name: "logged out", baseline: knownBefore, posts: []string{"old", "hello"},
			setup: func(b *bench) { b.strike(app.FaultLogout) }, class: fault.Account, want: "logged out",
		},
		{
			name: "account not on this phone", baseline: knownBefore, posts: []string{"old"},
			setup: func(b *bench) { b.phone = newPhone(b.t, app.Config{Accounts: []string{"other"}}) },
			class: fault.Infra, want: "not on this phone",
		},
		{
			name: "phone does not answer", baseline: knownBefore, posts: []string{"old", "hello"},
			setup: func(b *bench) { b.troubleFunc = frozenFrom(1) }, class: fault.Device, want: "does not answer",
		},
		{
			name: "phone needs a person", baseline: knownBefore, posts: []string{"old", "hello"},
			setup: func(b *bench) { b.troubleFunc = brokenAt(1, true, fault.Errorf(fault.Human, "unauthorized")) },
			class: fault.Human, want: "unauthorized",
		},
		{
			name: "link lost once", baseline: knownBefore, posts: []string{"old", "hello"},
			setup:   func(b *bench) { b.troubleFunc = brokenAt(5, false, fault.Errorf(fault.Infra, "link lost")) },
			verdict: posting.VerdictPosted,
		},
		{
			name: "link lost between two readings", baseline: knownBefore, posts: []string{"old"},
			setup:   func(b *bench) { b.troubleFunc = brokenAt(20, false, fault.Errorf(fault.Infra, "link lost")) },
			verdict: posting.VerdictAbsent,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "hello")
				if tt.setup != nil {
					tt.setup(b)
				}
				for _, caption := range tt.posts {
					_ = b.Service.Add(app.Post{Account: "shop_a", Caption: caption})
				}
				writeBaseline(t, b, tt.baseline)
				start := time.Now()
				got, err := b.verify(t.Context())
				if got != tt.verdict || fault.Of(err) != tt.class {
					t.Errorf("got %s, %v (%s), want %s, class %q", got, err, fault.Of(err), tt.verdict, tt.class)
				}
				if !says(err, tt.want) {
					t.Errorf("got %v, want %q in it", err, tt.want)
				}
				if took := time.Since(start); got == posting.VerdictAbsent && took < posting.DefaultVerifyTimeout/2 {
					t.Errorf("absent after %s: the profile may be behind", took)
				}
				answers := !strings.HasPrefix(tt.name, "phone") // else there is no picture to be had
				if kept := b.artifact("look-screen.png") != ""; kept != (got == posting.VerdictUnknown && answers) {
					t.Errorf("picture of the look: got %t", kept)
				}
				if len(b.phases) > 0 || len(b.captions("shop_a")) != len(tt.posts) {
					t.Errorf("verifying changed something: %v", b.phases)
				}
			})
		})
	}
}

func writeBaseline(t *testing.T, b *bench, text string) {
	t.Helper()
	if text == "" {
		return
	}
	if err := os.MkdirAll(b.attempt.Artifacts, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.attempt.Artifacts, "baseline.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyLandsLate: a post that appears as late as it may is found.
func TestVerifyLandsLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "hello")
		writeBaseline(t, b, knownBefore)
		_ = b.Service.Add(app.Post{Account: "shop_a", Caption: "old"})
		b.Service.HideFor(posting.DefaultVerifyTimeout / 2)
		_ = b.Service.Add(app.Post{Account: "shop_a", Caption: "hello", At: time.Now()})
		if got, err := b.verify(t.Context()); got != posting.VerdictPosted {
			t.Errorf("got %s, %v, want posted", got, err)
		}
	})
}

// TestVerifyGoesOn: a look that had not enough time is continued, not begun anew,
// be it the attempt's own or that of a dead worker's.
func TestVerifyGoesOn(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(b *bench) error{
		"a dead worker's": func(b *bench) error {
			_, err := b.verify(b.t.Context())
			return err
		},
		"its own": func(b *bench) error {
			return errors.Join(b.App.Inject(app.FaultShareFails, 1), b.run(b.t.Context()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "hello")
				b.cfg.ProfileLag = posting.DefaultVerifyTimeout * 3 / 2
				_ = b.Service.Add(app.Post{Account: "shop_a", Caption: "old"})
				writeBaseline(t, b, knownBefore)
				if err := first(b); err == nil || !strings.Contains(err.Error(), "not yet for long enough") {
					t.Fatalf("got %v, want not enough time", err)
				}
				if got, err := b.verify(t.Context()); got != posting.VerdictAbsent {
					t.Errorf("got %s, %v, want absent", got, err)
				}
			})
		})
	}
}

func TestVerifyCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "hello")
		b.troubleFunc = frozenFrom(5)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		got, err := b.verify(ctx)
		if got != posting.VerdictUnknown || !errors.Is(err, context.Canceled) || fault.Of(err) != fault.Unclassified {
			t.Errorf("got %s, %v (%s), want unknown and the context's error", got, err, fault.Of(err))
		}
	})
}
