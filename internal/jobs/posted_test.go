package jobs_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
)

const postedHeader = "account,video_sha256,job_id,at\n"

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

func post(account, video string, id int) jobs.Posted {
	return jobs.Posted{
		Account: account, SHA256: sum(video), JobID: id, At: time.Date(2026, 11, 2, 10, 0, id, 0, time.UTC),
	}
}

func TestPosted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posted.csv")
	empty, err := jobs.ReadPosted(path, nil)
	if err != nil || empty.Has("shop_a") || empty.Unreadable != 0 {
		t.Fatalf("got %+v, %v, want an empty log where there is no file", empty, err)
	}
	local := post("shop, a", "one", 3)
	local.At = local.At.In(time.FixedZone("x", 3600)).Add(time.Millisecond)
	for _, p := range []jobs.Posted{
		local, post("shop_b", "one", 4), post("shop, a", "one", 9), post("shop_b", "two", 1),
	} {
		must(t, jobs.AppendPosted(path, p))
	}
	text, err := os.ReadFile(path)
	must(t, err)
	first := postedHeader + `"shop, a",` + sum("one") + ",3,2026-11-02T10:00:03Z\n"
	if !strings.HasPrefix(string(text), first) {
		t.Errorf("got\n%s\nwant it to begin with\n%s", text, first)
	}
	log, err := jobs.ReadPosted(path, nil)
	must(t, err)
	for _, tt := range []struct {
		account, video string
		want           jobs.Posted
	}{
		{"shop, a", "one", post("shop, a", "one", 9)}, // the last of two
		{"shop_b", "one", post("shop_b", "one", 4)},
		{"shop_b", "two", post("shop_b", "two", 1)},
		{"shop, a", "two", jobs.Posted{}},
		{"shop_c", "one", jobs.Posted{}},
	} {
		got, ok := log.Find(tt.account, sum(tt.video))
		if ok != (tt.want.JobID > 0) || !cmp.Equal(got, tt.want) {
			t.Errorf("%s, %s: got %+v, %t, want %+v", tt.account, tt.video, got, ok, tt.want)
		}
	}
	some, err := jobs.ReadPosted(path, func(account string) bool { return account == "shop_b" })
	must(t, err)
	if !some.Has("shop_b") || some.Has("shop, a") || some.Unreadable != 0 {
		t.Errorf("got %+v, want the lines of shop_b", some)
	}
	if got := post("a", "v", 3).Repeat(); !strings.HasPrefix(got, "duplicate: this video was posted for the account "+
		"at 2026-11-02T10:00:03Z (job 3)") || !strings.Contains(got, "yes in the row's allow_repeat column") {
		t.Errorf("got %q", got)
	}
}

// TestPostedPassesOver: a line that says nothing hides no other.
func TestPostedPassesOver(t *testing.T) {
	t.Parallel()
	good := "shop_a," + sum("one") + ",1,2026-11-02T10:00:00Z\n"
	for _, tt := range []struct {
		name, text string
		unreadable int
	}{
		{"all fine", postedHeader + good, 0},
		{"no header", good, 0},
		{"no last line end", postedHeader + strings.TrimSuffix(good, "\n"), 0},
		{"spreadsheet", "\ufeff" + strings.ReplaceAll(postedHeader+good, "\n", "\r\n"), 0},
		{"upper case", postedHeader + "shop_a," + strings.ToUpper(sum("one")) + ",1,2026-11-02T11:00:00+01:00\n", 0},
		{"blank lines", postedHeader + "\n\n" + good + "\n", 0},
		{"two headers", postedHeader + postedHeader + good, 0},
		{"short line", postedHeader + "shop_a,abc\n" + good, 1},
		{"healed line", postedHeader + "shop_a," + sum("two") + ",2,\n" + good, 1},
		{"no hex", postedHeader + "shop_a," + strings.Repeat("x", 64) + ",2,2026-11-02T10:00:00Z\n" + good, 1},
		{"short hash", postedHeader + "shop_a,abcd,2,2026-11-02T10:00:00Z\n" + good, 1},
		{"no account", postedHeader + "," + sum("two") + ",2,2026-11-02T10:00:00Z\n" + good, 1},
		{"no id", postedHeader + "shop_a," + sum("two") + ",x,2026-11-02T10:00:00Z\n" + good, 1},
		{"another time", postedHeader + "shop_a," + sum("two") + ",2,02.11.2026 10:00\n" + good, 1},
		{"open quote", postedHeader + "\"shop_a," + sum("two") + "\n" + good, 1},
		{"other program", postedHeader + "\x00\x01\xff\n,,,,,,\n" + good, 2},
		{"endless line", postedHeader + strings.Repeat("x", 1<<18) + "\n" + good, 1},
	} {
		path := filepath.Join(t.TempDir(), "posted.csv")
		must(t, os.WriteFile(path, []byte(tt.text), 0o600))
		log, err := jobs.ReadPosted(path, nil)
		if err != nil || log.Unreadable != tt.unreadable {
			t.Errorf("%s: got %d unreadable lines, %v, want %d", tt.name, log.Unreadable, err, tt.unreadable)
		}
		if p, ok := log.Find("shop_a", sum("one")); !ok || p.JobID != 1 || p.At.Hour() != 10 {
			t.Errorf("%s: got %+v, %t, want the good line", tt.name, p, ok)
		}
		if _, ok := log.Find("shop_a", sum("two")); ok {
			t.Errorf("%s: the bad line was read", tt.name)
		}
	}
}

// TestPostedCutShort cuts the log at every byte: a line that a crash cut short
// is no post, and the next one is.
func TestPostedCutShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.csv")
	must(t, jobs.AppendPosted(whole, post("shop, a", "one", 1)))
	before, err := os.Stat(whole)
	must(t, err)
	must(t, jobs.AppendPosted(whole, post("shop, a", "two", 2)))
	data, err := os.ReadFile(whole)
	must(t, err)
	var wg sync.WaitGroup
	for cut := int(before.Size()); cut < len(data)-1; cut++ {
		wg.Go(func() {
			path := filepath.Join(dir, strconv.Itoa(cut)+".csv")
			if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
				t.Error(err)
				return
			}
			if err := jobs.AppendPosted(path, post("shop, a", "three", 3)); err != nil {
				t.Error(err)
				return
			}
			log, err := jobs.ReadPosted(path, nil)
			_, one := log.Find("shop, a", sum("one"))
			_, two := log.Find("shop, a", sum("two"))
			_, three := log.Find("shop, a", sum("three"))
			if err != nil || !one || two || !three {
				t.Errorf("cut at %d: got %t %t %t, %v, want the first and the third post", cut, one, two, three, err)
			}
		})
	}
	wg.Wait()
}

func TestPostedUnreadable(t *testing.T) {
	t.Parallel()
	if _, err := jobs.ReadPosted(t.TempDir(), nil); !fault.Is(err, fault.Infra) {
		t.Errorf("a folder: got %v, want class %v", err, fault.Infra)
	}
}

// FuzzPosted: whatever stands in the lines before a post, the post is found.
func FuzzPosted(f *testing.F) {
	path := filepath.Join(f.TempDir(), "posted.csv")
	must(f, jobs.AppendPosted(path, post("shop, a", "new", 7)))
	whole, err := os.ReadFile(path)
	must(f, err)
	line := strings.TrimPrefix(string(whole), postedHeader)
	f.Add([]byte(postedHeader + "shop_a," + sum("one") + ",1,2026-11-02T10:00:00Z"))
	f.Fuzz(func(t *testing.T, before []byte) {
		must(t, os.WriteFile(path, []byte(string(before)+"\n"+line), 0o600))
		log, err := jobs.ReadPosted(path, nil)
		if p, ok := log.Find("shop, a", sum("new")); err != nil || !ok || p.JobID != 7 {
			t.Fatalf("got %+v, %t, %v, want the last post", p, ok, err)
		}
		if most := strings.Count(string(before), "\n") + 1; log.Unreadable > most {
			t.Fatalf("got %d unreadable lines of %d", log.Unreadable, most)
		}
	})
}

func TestHashVideo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "v.mp4")
	for _, size := range []int{0, 1, 1 << 20, 1<<20 + 1, 3 << 20} {
		text := strings.Repeat("v", size)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if got, err := jobs.HashVideo(t.Context(), path); err != nil || got != sum(text) {
			t.Errorf("%d bytes: got %s, %v, want %s", size, got, err, sum(text))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := jobs.HashVideo(ctx, path); !errors.Is(err, context.Canceled) || fault.Of(err) != fault.Unclassified {
		t.Errorf("cancelled: got %v (class %v), want the context's error", err, fault.Of(err))
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none"), t.TempDir()} {
		if _, err := jobs.HashVideo(t.Context(), path); !fault.Is(err, fault.Infra) {
			t.Errorf("%s: got %v, want class %v", path, err, fault.Infra)
		}
	}
}
