package phonesim

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"postfleet/internal/phonesim/adbd"
)

// cloudPhone is a phone as a cloud has it: adb is shut.
func cloudPhone(t *testing.T, change ...func(*Config)) *Phone {
	t.Helper()
	p, _ := newPhone(t, append(change, func(c *Config) { c.ADBAddress, c.ControlAddress = "", "" })...)
	return p
}

// run runs a line in a session as a connected host would.
func run(t *testing.T, s adbd.Services, line string) string {
	t.Helper()
	var out strings.Builder
	if code := s.Shell(t.Context(), line, adbd.Stdio{In: strings.NewReader(""), Out: &out, Err: &out}); code != 0 {
		t.Errorf("%s: got exit code %d, want 0", line, code)
	}
	return out.String()
}

func TestGlogin(t *testing.T) {
	t.Parallel()
	p := cloudPhone(t)
	if err := p.OpenADB("127.0.0.1:0", "abc123"); err != nil {
		t.Fatal(err)
	}
	first, _ := p.openSession("a:1")
	second, _ := p.openSession("b:1")
	try := func(s adbd.Services, line, want string) {
		t.Helper()
		if got := run(t, s, line); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
	try(first, "echo hi", gloginAsked)
	try(first, "", gloginAsked)
	try(first, "glogin wrong", gloginWrong)
	try(first, "glogin", gloginWrong)
	try(first, "echo hi", gloginAsked)
	try(first, "glogin abc123", gloginDone)
	try(first, "echo hi", "hi\n")
	try(second, "echo hi", gloginAsked)
	if err := p.Inject(t.Context(), Fault{Kind: FaultGloginExpired}); err != nil {
		t.Fatal(err)
	}
	try(first, "echo hi", gloginAsked)
	try(first, "glogin 'abc123'", gloginDone)
	try(first, "echo hi", "hi\n")
	if err := p.OpenADB("127.0.0.1:0", "other"); err != nil {
		t.Fatal(err)
	}
	try(first, "echo hi", gloginAsked)
	if out, code := p.Shell(t.Context(), "echo hi; echo ho >&2; false"); out != "hi\nho\n" || code != 1 {
		t.Errorf("without adb: got %q and %d", out, code)
	}
}

func TestCloudPhoneIsReachedOnlyWhileOpen(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var hosts []string
	p := cloudPhone(t, func(c *Config) {
		c.HostFunc = func(remote string) func() {
			mu.Lock()
			defer mu.Unlock()
			hosts = append(hosts, remote)
			return func() {
				mu.Lock()
				defer mu.Unlock()
				hosts = slices.DeleteFunc(hosts, func(h string) bool { return h == remote })
			}
		}
	})
	connectedHosts := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(hosts)
	}
	if a := p.ADBAddress(); a != "" || p.ControlAddress() != "" {
		t.Errorf("got %q and %q, want no address", a, p.ControlAddress())
	}
	p.SwitchOff()
	p.SwitchOff()
	p.SwitchOn()
	if err := p.OpenADB("127.0.0.1:0", "x"); err != nil {
		t.Fatal(err)
	}
	conn := connected(t, p)
	await(t, "the host", func() bool { return connectedHosts() == 1 })
	if err := p.Inject(t.Context(), Fault{Kind: FaultOffline}); err != nil {
		t.Fatal(err)
	}
	if !closed(conn) {
		t.Error("the connection stayed open")
	}
	await(t, "the going of the host", func() bool { return connectedHosts() == 0 })
	p.SwitchOff()
	p.ClearFaults()
	if p.ADBAddress() != "" {
		t.Error("the end of a fault opened adb on a phone that is off")
	}
	p.SwitchOn()
	if err := p.OpenADB("127.0.0.1:0", "x"); err != nil {
		t.Fatal(err)
	}
	connected(t, p)
	if got := p.shell(t, "getprop sys.boot_completed"); got != "1\n" {
		t.Errorf("got %q, want a phone that is on", got)
	}
}

func TestDownloadLandsUnscanned(t *testing.T) {
	t.Parallel()
	p := cloudPhone(t)
	if err := p.Download("../clip.mp4", strings.NewReader("video")); err != nil {
		t.Fatal(err)
	}
	if got := p.shell(t, "cat /sdcard/Download/clip.mp4"); got != "video" {
		t.Errorf("got %q", got)
	}
	if got := p.storage.Media(); len(got) != 0 {
		t.Errorf("got %v, want nothing in the gallery before a scan", got)
	}
}
