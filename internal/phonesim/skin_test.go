package phonesim

import (
	"net/http"
	"strings"
	"testing"

	"postfleet/internal/phonesim/app"
)

// version is the app's, as the package manager tells it.
func (p *Phone) version(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(p.shell(t, "dumpsys package "+app.Package)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "versionName="); ok {
			return name
		}
	}
	t.Fatal("the package manager tells no version")
	return ""
}

func TestReskinUntilCleared(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	p.app.Start()
	original, versions := p.app.Screen().XML(), map[string]bool{p.version(t): true}
	for number, body := range []string{
		`{"kind":"reskin"}`, `{"kind":"reskin","count":1}`, `{"kind":"reskin","count":300}`,
	} {
		if w := p.ask(http.MethodPost, "/faults", body); w.Code != http.StatusOK {
			t.Fatalf("%s: got %d %s", body, w.Code, w.Body)
		}
		if got, want := p.app.Skin().Number(), []int{1, 1, 300}[number]; got != want {
			t.Errorf("%s: got skin %d, want %d", body, got, want)
		}
		if strings.Contains(p.app.Screen().XML(), "com.instagram.android:id/tab_create") {
			t.Errorf("%s: an id is as it was", body)
		}
		versions[p.version(t)] = true
	}
	if len(versions) != 3 {
		t.Errorf("got versions %v, want the original's and one of each skin", versions)
	}
	p.ask(http.MethodDelete, "/faults", "")
	if got := p.app.Screen().XML(); got != original {
		t.Errorf("got another screen after the fault was cleared:\n%s", got)
	}
	if version, _ := p.app.Skin().Version(); p.version(t) != version || p.app.Skin().Number() != 0 {
		t.Errorf("got version %s, want the original's %s", p.version(t), version)
	}
}

func TestFailureScreens(t *testing.T) {
	t.Parallel()
	for kind, screen := range map[FaultKind]string{
		FaultLogout: "logged_out", FaultSuspended: "suspended", FaultVerificationAsked: "verify",
		FaultAppCrash: "app_crashed", FaultActionBlocked: "action_blocked", FaultVideoRejected: "video_rejected",
		FaultShareFails: "share_failed", FaultNoNetwork: "share_failed", FaultStorageFull: "storage_full",
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p, _ := newPhone(t, func(c *Config) { c.Accounts = []string{"solo"} })
			if err := p.Inject(t.Context(), Fault{Kind: kind}); err != nil {
				t.Fatal(err)
			}
			p.walk(t, func() bool { return p.State().Screen == screen })
			if got := p.Posts(); len(got) != 0 {
				t.Errorf("got %v, want no post", got)
			}
			p.ClearFaults()
			p.shell(t, "am force-stop "+app.Package)
			p.share(t, "well again")
			p.touch(t, "done_button")
		})
	}
}

// walk goes on towards a post until the condition holds.
func (p *Phone) walk(t *testing.T, condition func() bool) {
	t.Helper()
	p.shell(t, "echo -n video > /sdcard/Movies/clip.mp4; content call --uri content://media --method scan_volume; "+
		"pm grant "+app.Package+" android.permission.READ_MEDIA_VIDEO; am start -S -n "+app.Package+"/"+app.Activity)
	for _, name := range []string{
		"tab_create", "create_reel", "gallery_item", "next_button", "next_button", "share_button",
	} {
		if condition() {
			return
		}
		p.touch(t, name)
	}
	await(t, "the failure", condition)
}

func TestPhoneInAnotherLanguage(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t, func(c *Config) { c.Language = app.Portuguese })
	p.app.Start()
	if source := p.app.Screen().XML(); !strings.Contains(source, `content-desc="Criar"`) {
		t.Errorf("got a home screen without Criar:\n%s", source)
	}
	if got := strings.TrimSpace(p.shell(t, "getprop persist.sys.locale")); got != "pt-BR" {
		t.Errorf("got locale %s, want pt-BR", got)
	}
	if err := (Config{Accounts: []string{"a"}, Language: "tlh"}).Validate(); err == nil {
		t.Error("a language without words is accepted")
	}
}
