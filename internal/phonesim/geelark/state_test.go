package geelark

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"postfleet/internal/phonesim"
)

func TestStateOutlivesTheService(t *testing.T) {
	t.Parallel()
	cfg := realConfig(31030, "a", "b")
	cfg.StateDir = t.TempDir()
	post := `{"posts":[{"account":"b","caption":"hi","video_sha256":"0","video_bytes":1,"at":"2026-01-02T03:04:05Z"}]}`
	if err := os.MkdirAll(postsDir(cfg.StateDir), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(postsDir(cfg.StateDir), phoneID("b")+".json")
	if err := os.WriteFile(file, []byte(post), 0o644); err != nil {
		t.Fatal(err)
	}
	s, stop := runService(t, cfg)
	if all := s.posts(); len(all) != 1 || all[0].Phone != "b" || all[0].Caption != "hi" {
		t.Errorf("got posts %+v", all)
	}
	address, _ := s.reach(t, "a")
	host, err := adbConnect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer host.close()
	before := s.meter()
	stop()
	s, _ = runService(t, cfg)
	if got := s.statusOf(t, "a"); got != statusStarted {
		t.Errorf("got status %d of a phone that ran, want %d", got, statusStarted)
	}
	if c, _, _ := s.dataOf(t, "a"); c != 49001 {
		t.Errorf("got code %d, want adb off", c)
	}
	after := s.meter()
	a := after.Phones[0]
	if after.Seconds <= before.Seconds || a.Starts != 1 || len(a.ADB) != 0 || len(a.Connections) != 1 {
		t.Errorf("got %+v after %+v", after, before)
	}
	s.must(t, apiStop, idsBody, "a")
	if m := s.meter(); m.Running != 0 || m.Seconds < after.Seconds {
		t.Errorf("got %+v after %+v", m, after)
	}
}

// TestStateOfAKilledService: nobody could write down that the host went.
func TestStateOfAKilledService(t *testing.T) {
	t.Parallel()
	cfg := realConfig(31050, "a")
	cfg.StateDir = t.TempDir()
	begun := time.Now().Add(-time.Hour)
	kept := record{Starts: 1, Runs: []Run{{From: begun, By: "x"}}}
	kept.connect(begun, "10.0.0.1:1")
	if err := os.MkdirAll(meterDir(cfg.StateDir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := phonesim.SaveJSON(filepath.Join(meterDir(cfg.StateDir), phoneID("a")+".json"), kept); err != nil {
		t.Fatal(err)
	}
	s, _ := runService(t, cfg)
	m := s.meter().Phones[0]
	if m.Seconds < 3600 || m.BilledMinutes < 61 || len(m.ADB) != 0 || m.Connections[0].To == nil {
		t.Errorf("got %+v", m)
	}
}
