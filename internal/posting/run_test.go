package posting_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/posting"
)

// TestRunPosts: whatever the caption holds, it is posted once, as written.
func TestRunPosts(t *testing.T) {
	t.Parallel()
	for name, caption := range map[string]string{
		"plain":                  "Hello",
		"emoji":                  "Sommer 🎉👩‍👩‍👧 ☀️",
		"newlines":               "one\ntwo\n\nthree\n",
		"quotes":                 `"quoted", 'single', <b>&amp;</b>`,
		"right to left":          "مرحبا بالعالم שלום",
		"spaces":                 "  around  and\tbetween ",
		"decomposed":             "Cafe\u0301",
		"empty":                  "",
		"a button's label":       "Share",
		"a failure's title":      "Action blocked",
		"a guard's title":        "Turn on notifications?",
		"a format":               "%s %d %!v {{.}} ${x}",
		"a pattern":              ".*",
		"another account":        "shop_b",
		"the account of the job": "shop_a",
		"the word of the share":  "Your reel has been shared.",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, caption)
				if err := b.run(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{caption}, b.captions("shop_a")); diff != "" {
					t.Errorf("posts (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff([]string{"posting", "posted"}, b.phases); diff != "" {
					t.Errorf("phases (-want +got):\n%s", diff)
				}
				files, calls := b.Gallery.Videos(), b.Calls()
				if len(files) > 0 || !slices.Contains(calls, "upload postfleet-7-1.mp4") {
					t.Errorf("the upload was not removed, or has another name: %v, %v", files, calls)
				}
				if b.artifact("screen.png") != "" {
					t.Error("a success left failure artifacts")
				}
			})
		})
	}
}

// TestRunBaseline: the profile as it was is on disk before the composer opens.
func TestRunBaseline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "new")
		for _, caption := range []string{"oldest", "new"} { // the caption may not be the first of its kind
			_ = b.Service.Add(app.Post{Account: "shop_a", Caption: caption})
		}
		b.attempt.Posting = func(context.Context) error {
			got := b.artifact("baseline.json")
			if !strings.Contains(got, `"count": 2`) || !strings.Contains(got, "oldest") {
				t.Errorf("baseline: got %q", got)
			}
			return nil
		}
		if err := b.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"new", "new", "oldest"}, b.captions("shop_a")); diff != "" {
			t.Errorf("posts (-want +got):\n%s", diff)
		}
	})
}

// TestRunTrouble tables what the app may do, and what the attempt makes of it.
func TestRunTrouble(t *testing.T) {
	t.Parallel()
	lost := fault.Errorf(fault.Ledger, "claim lost")
	tests := []struct {
		name   string
		faults []app.Fault
		setup  func(b *bench)
		want   string // in the error; "" is success
		// unrotated is in what the attempt is told of its proxy.
		unrotated string
		class     fault.Class
		absent    bool
		posts     int
		tapped    bool
	}{
		{name: "popup", faults: []app.Fault{app.FaultPopup}, posts: 1, tapped: true},
		{
			name: "columns of the names of slots do not count", posts: 1, tapped: true,
			setup: func(b *bench) { b.attempt.Job.Extra = map[string]string{"account": "shop_b", "caption": "no"} },
		},
		{name: "slow post", faults: []app.Fault{app.FaultSlowPost}, posts: 1, tapped: true},
		{
			name: "logged out", want: "the account is logged out", class: fault.Account,
			setup: func(b *bench) { b.strike(app.FaultLogout) },
		},
		{
			name: "suspended", want: "the account is suspended", class: fault.Account,
			setup: func(b *bench) { b.strike(app.FaultSuspended) },
		},
		{
			name: "verification asked", want: "asks this account to verify", class: fault.Account,
			setup: func(b *bench) { b.strike(app.FaultVerify) },
		},
		{
			name: "action blocked at the share", faults: []app.Fault{app.FaultActionBlocked},
			want: "the service blocked the action", class: fault.Account, absent: true, tapped: true,
		},
		{
			name: "share fails", faults: []app.Fault{app.FaultShareFails},
			want: "the app could not share the reel", class: fault.Infra, absent: true, tapped: true,
		},
		{
			name: "another skin", faults: []app.Fault{app.FaultReskin},
			want: "switch_account/", class: fault.Infra,
		},
		{
			name: "account not on this phone", want: "the account is not on this phone", class: fault.Infra,
			setup: func(b *bench) { b.attempt.Job.Account = "nobody" },
		},
		{
			name: "account told apart by case", want: "the account is not on this phone", class: fault.Infra,
			setup: func(b *bench) { b.attempt.Job.Account = "Shop_A" },
		},
		{
			name: "ledger refuses", class: fault.Ledger,
			want:  "not shared: post/share (Publish the reel.): commit: claim lost",
			setup: func(b *bench) { b.postingErr = lost },
		},
		{
			name: "phase posted not recorded", posts: 1, tapped: true,
			setup: func(b *bench) { b.attempt.Posted = func(context.Context) error { return lost } },
		},
		{
			name: "proxy fails", posts: 1, tapped: true, unrotated: "no answer",
			setup: func(b *bench) { b.rotate = rotator{errors.New("no answer")} },
		},
		{
			name: "proxy fails, and then sharing", faults: []app.Fault{app.FaultShareFails},
			want: "; before it, proxy not rotated: no answer", class: fault.Infra,
			absent: true, tapped: true, unrotated: "no answer",
			setup: func(b *bench) { b.rotate = rotator{errors.New("no answer")} },
		},
		{
			name: "required proxy fails", want: "no answer", class: fault.Infra,
			setup: func(b *bench) { b.rotate, b.cfg.ProxyRequired = rotator{errors.New("no answer")}, true },
		},
		{
			name: "no video", want: "no such file", class: fault.Input,
			setup: func(b *bench) { b.attempt.VideoPath += ".gone" },
		},
		{
			name: "empty video", want: "is empty", class: fault.Input,
			setup: func(b *bench) { _ = os.Truncate(b.attempt.VideoPath, 0) },
		},
		{
			name: "a directory for a video", want: "is not a file", class: fault.Input,
			setup: func(b *bench) { b.attempt.VideoPath = b.t.TempDir() },
		},
		{
			name: "a caption no screen can show", want: "cannot show", class: fault.Input,
			setup: func(b *bench) { b.attempt.Job.Caption = "bell\a" },
		},
		{
			name: "no account", want: "no account", class: fault.Input,
			setup: func(b *bench) { b.attempt.Job.Account = "" },
		},
		{
			name: "baseline cannot be written", want: "write baseline", class: fault.Infra,
			setup: func(b *bench) { b.attempt.Artifacts = b.attempt.VideoPath + "/x" },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, "hello")
				for _, f := range tt.faults {
					if err := b.App.Inject(f, 1); err != nil {
						t.Fatal(err)
					}
				}
				if tt.setup != nil {
					tt.setup(b)
				}
				var unrotated error
				b.attempt.Unrotated = func(why error) { unrotated = why }
				err := b.run(t.Context())
				if !says(unrotated, tt.unrotated) {
					t.Errorf("proxy not rotated: got %v, want %q", unrotated, tt.unrotated)
				}
				if !says(err, tt.want) {
					t.Errorf("got %v, want %q in it", err, tt.want)
				}
				if got := fault.Of(err); got != tt.class {
					t.Errorf("class: got %q, want %q", got, tt.class)
				}
				if got := errors.Is(err, posting.ErrAbsent); got != tt.absent {
					t.Errorf("absent: got %t, want %t", got, tt.absent)
				}
				if got := len(b.captions(b.attempt.Job.Account)); got != tt.posts {
					t.Errorf("posts: got %d, want %d", got, tt.posts)
				}
				if got := b.tapped(); got != tt.tapped {
					t.Errorf("phase posting recorded: got %t, want %t", got, tt.tapped)
				}
			})
		})
	}
}

// strike hits the job's account, and puts another in front.
func (b *bench) strike(f app.Fault) {
	_ = b.App.SetAccount("shop_a")
	if err := b.App.Inject(f, 1); err != nil {
		b.t.Fatal(err)
	}
}

type rotator struct{ err error }

func (r rotator) Rotate(context.Context) error { return r.err }

// TestRunArtifacts: a failed attempt keeps what the screen showed and the end
// of Appium's log.
func TestRunArtifacts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "hello")
		b.cfg.AppiumLog = b.attempt.VideoPath + ".log"
		text := strings.Repeat("old\n", 500) + strings.Repeat("new\n", 100)
		if err := os.WriteFile(b.cfg.AppiumLog, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		b.strike(app.FaultLogout)
		if err := b.run(t.Context()); err == nil {
			t.Fatal("got no error")
		}
		if got := b.artifact("screen.png"); !strings.HasPrefix(got, "\x89PNG") {
			t.Errorf("screen.png: got %q", got)
		}
		if got := b.artifact("source.xml"); !strings.Contains(got, "login_button") {
			t.Errorf("source.xml: got %q, want the screen that failed", got)
		}
		if got, want := b.artifact("appium-tail.log"), strings.Repeat("new\n", 100); got != want {
			t.Errorf("appium-tail.log: got %d bytes, want %d", len(got), len(want))
		}
		if files := b.Gallery.Videos(); len(files) > 0 {
			t.Errorf("the upload was left: %v", files)
		}
	})
}

// TestRunScrollsToTheAccount: the list of accounts may be longer than the screen.
func TestRunScrollsToTheAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		accounts := []string{}
		for i := range 80 {
			accounts = append(accounts, "account_"+string(rune('a'+i/10))+string(rune('0'+i%10)))
		}
		b := newBenchOn(t, newPhone(t, app.Config{Accounts: append(accounts, "shop_a")}), "far down")
		if err := b.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(b.Calls(), "swipe") {
			t.Error("nothing was scrolled: the test proves nothing")
		}
		if diff := cmp.Diff([]string{"far down"}, b.captions("shop_a")); diff != "" {
			t.Errorf("posts (-want +got):\n%s", diff)
		}
	})
}
