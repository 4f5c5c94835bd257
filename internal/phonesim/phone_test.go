package phonesim

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/adbd"
	"postfleet/internal/phonesim/app"
)

// newPhone runs a phone until the test ends, or until the stop it returns.
func newPhone(t *testing.T, change ...func(*Config)) (*Phone, func()) {
	t.Helper()
	cfg := Config{
		ADBAddress: "127.0.0.1:0", ControlAddress: "127.0.0.1:0", Accounts: []string{"shop_a", "shop_b"},
		Preinstalled: true, ScratchDir: t.TempDir(), UploadTime: time.Millisecond,
	}
	for _, c := range change {
		c(&cfg)
	}
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	t.Cleanup(stop)
	return p, stop
}

// shell runs a line on the phone.
func (p *Phone) shell(t *testing.T, line string) string {
	t.Helper()
	var out, errs strings.Builder
	code := p.device.Shell(t.Context(), line, adbd.Stdio{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != 0 {
		t.Fatalf("%s: exit %d: %s", line, code, errs.String())
	}
	return out.String()
}

// touch taps the view with that name once it is on the screen.
func (p *Phone) touch(t *testing.T, name string) {
	t.Helper()
	await(t, "view "+name, func() bool {
		for n := range p.app.Screen().Active().All() {
			if n.Name == name && n.Enabled {
				p.app.Tap(n.Center())
				return true
			}
		}
		return false
	})
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(5 * time.Second)
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// share goes through the app up to and with the tap that publishes.
func (p *Phone) share(t *testing.T, caption string) {
	t.Helper()
	p.shell(t, "echo -n video > /sdcard/Movies/clip.mp4; content call --uri content://media --method scan_volume; "+
		"pm grant "+app.Package+" android.permission.READ_MEDIA_VIDEO; am start -S -n "+app.Package+"/"+app.Activity)
	for _, name := range []string{"tab_create", "create_reel", "gallery_item", "next_button"} {
		p.touch(t, name)
	}
	await(t, "the edit screen", func() bool { return p.State().Screen == "edit" })
	p.touch(t, "next_button")
	p.touch(t, "caption_field")
	p.app.Type(caption)
	p.touch(t, "share_button")
}

func TestPhonePublishesAndRemembers(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "sim-0.json")
	keep := func(c *Config) { c.StateFile = state }
	p, stop := newPhone(t, keep)
	p.share(t, "first\nline 🎉")
	p.touch(t, "done_button")
	list := p.Posts()
	want := []app.Post{{
		Account: "shop_a", Caption: "first\nline 🎉", VideoBytes: 5,
		VideoSHA256: strings.Fields(p.shell(t, "sha256sum /sdcard/Movies/clip.mp4"))[0],
	}}
	want[0].At = list[0].At
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if age := time.Since(list[0].At); age < 0 || age > time.Minute {
		t.Errorf("got a post of %v ago", age)
	}
	stop()
	p, _ = newPhone(t, keep)
	if diff := cmp.Diff(list, p.Posts()); diff != "" {
		t.Errorf("after a restart: -want +got:\n%s", diff)
	}
}

// hello connects as adb does and returns the connection once the phone answered.
func hello(p *Phone) (net.Conn, error) {
	conn, err := net.Dial("tcp", p.ADBAddress())
	if err != nil {
		return nil, err
	}
	const connect = 0x4e584e43
	var b []byte
	for _, v := range []uint32{connect, 0x01000001, 4096, 0, 0, ^uint32(connect)} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err = conn.Write(b); err == nil {
		_, err = io.ReadFull(conn, make([]byte, 24))
	}
	return conn, err
}

func connected(t *testing.T, p *Phone) net.Conn {
	t.Helper()
	conn, err := hello(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// closed reports whether the phone hung up.
func closed(conn net.Conn) bool {
	_, err := io.Copy(io.Discard, conn)
	return err == nil || !os.IsTimeout(err)
}

func TestLinkFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range []FaultKind{FaultDropLink, FaultOffline, FaultReboot} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p, _ := newPhone(t)
			conn := connected(t, p)
			if err := p.Inject(t.Context(), Fault{Kind: kind, For: time.Hour}); err != nil {
				t.Fatal(err)
			}
			if !closed(conn) {
				t.Error("the connection stayed open")
			}
			if conn, err := hello(p); err == nil {
				_ = conn.Close()
				t.Error("a new connection was welcome")
			}
			if err := p.Inject(t.Context(), Fault{Kind: FaultDropLink}); err != nil {
				t.Fatal(err)
			}
			await(t, "the end of the shorter fault", func() bool { return p.faults.pending() == 1 })
			if conn, err := hello(p); err == nil {
				_ = conn.Close()
				t.Error("the end of one fault ended another")
			}
			p.ClearFaults()
			connected(t, p)
		})
	}
}

func TestPostThenDie(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	if err := p.Inject(t.Context(), Fault{Kind: FaultPostThenDie}); err != nil {
		t.Fatal(err)
	}
	conn := connected(t, p)
	p.share(t, "landed")
	if !closed(conn) {
		t.Error("the link stayed up")
	}
	await(t, "the end of the app", func() bool { return !p.State().Running })
	if got := captions(p.Posts()); !cmp.Equal(got, []string{"landed"}) {
		t.Errorf("got posts %q, want the one", got)
	}
	p.share(t, "second")
	p.touch(t, "done_button") // The fault was for one post.
}

func TestShareFailsPostsNothing(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	if err := p.Inject(t.Context(), Fault{Kind: FaultShareFails}); err != nil {
		t.Fatal(err)
	}
	p.share(t, "never")
	p.touch(t, "dialog_dismiss")
	if got := p.Posts(); len(got) != 0 {
		t.Errorf("got %v, want no post", got)
	}
}

func TestRebootKeepsWhatAPhoneKeeps(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	p.share(t, "kept")
	p.touch(t, "done_button")
	if err := p.Inject(t.Context(), Fault{Kind: FaultReboot, For: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	await(t, "the boot", func() bool {
		conn, err := hello(p)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	if s := p.State(); s.Screen != "launcher" || s.Running || len(s.Sessions) != 0 {
		t.Errorf("got %+v, want the launcher and nothing running", s)
	}
	want := "clip.mp4\npackage:io.appium.settings\n1\n"
	got := p.shell(t, "ls /sdcard/Movies; pm list packages appium.settings; getprop sys.boot_completed")
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := len(p.Posts()); got != 1 {
		t.Errorf("got %d posts, want 1", got)
	}
}

func TestStopLeavesNothing(t *testing.T) {
	t.Parallel()
	scratch := t.TempDir()
	p, stop := newPhone(t, func(c *Config) { c.ScratchDir = scratch })
	p.shell(t, "am instrument io.appium.uiautomator2.server.test/androidx.test.runner.AndroidJUnitRunner; "+
		"echo x > /sdcard/f")
	if err := p.Inject(t.Context(), Fault{Kind: FaultFreeze}); err != nil {
		t.Fatal(err)
	}
	stop()
	if left, _ := os.ReadDir(scratch); len(left) != 0 {
		t.Errorf("got %d leftovers in the scratch directory", len(left))
	}
	if _, err := hello(p); err == nil {
		t.Error("adb is still answered")
	}
}

func TestNewFailsWhole(t *testing.T) {
	t.Parallel()
	p, _ := newPhone(t)
	const free = "127.0.0.1:0"
	one := []string{"a"}
	for name, cfg := range map[string]Config{
		"no account":    {ADBAddress: free, ControlAddress: free},
		"bad auth":      {ADBAddress: free, ControlAddress: free, Accounts: one, Auth: "maybe"},
		"adb taken":     {ADBAddress: p.ADBAddress(), ControlAddress: free, Accounts: one},
		"control taken": {ADBAddress: free, ControlAddress: p.ControlAddress(), Accounts: one},
	} {
		cfg.ScratchDir = t.TempDir()
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: got a phone", name)
		}
		if left, _ := os.ReadDir(cfg.ScratchDir); len(left) != 0 {
			t.Errorf("%s: got %d leftovers", name, len(left))
		}
	}
}
