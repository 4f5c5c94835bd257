package geelark_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/budget"
	"postfleet/internal/logging"
)

// Twenty workers, each with a client of its own over one data directory, that
// ask without a pause whatever the answer is: no minute sees more than the
// limit. The service counts.
func TestTwentyWorkersKeepTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud, dir := newCloud("shop"), t.TempDir()
		broken := slices.Repeat([]reply{{http: 500}, {code: 43020}, {body: "no"}}, 2000)
		cloud.reply("phone/status", broken...)
		begun := time.Now()
		var all sync.WaitGroup
		for range 20 {
			client := cloud.client(t, dir)
			all.Go(func() {
				for time.Since(begun) < 90*time.Second {
					client.Status(t.Context(), "p1")
				}
			})
		}
		all.Wait()
		if most := cloud.most("phone/status", time.Minute); most > budget.PerMinute || most < budget.PerMinute/2 {
			t.Errorf("%d in a minute", most)
		}
	})
}

// Twenty workers whose start the service refuses for a time, and who are made
// anew every ten seconds to try again, knock once each and then no sooner than it
// says: over ten minutes there is no busy loop.
func TestNobodyKnocksBeforeTheTime(t *testing.T) {
	t.Parallel()
	const workers, lasts = 20, 10 * time.Minute
	for code, knocks := range map[int]int{40007: workers * 10, 40014: workers, 47002: workers} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud, b := newCloud("shop"), &bench{t: t, dir: t.TempDir()}
				cloud.reply("phone/list", slices.Repeat([]reply{{code: code}}, 100_000)...)
				begun := time.Now()
				var all sync.WaitGroup
				for i := range workers {
					client, book, cfg := cloud.client(t, b.dir), b.open(i+2), geelark.PhoneConfig{Name: "shop"}
					all.Go(func() {
						for time.Since(begun) < lasts {
							phone := geelark.NewPhone(cfg, client, book, logging.Discard())
							if _, err := phone.Start(t.Context()); !errors.Is(err, geelark.ErrLimited) {
								t.Errorf("got %v", err)
							}
							time.Sleep(10 * time.Second) //nolint:forbidigo // the bubble's clock
						}
					})
				}
				all.Wait()
				if n := cloud.count("phone/list"); n > knocks || n == 0 {
					t.Errorf("%d requests in %s, want at most %d", n, lasts, knocks)
				} else {
					t.Logf("%d requests in %s", n, lasts)
				}
			})
		})
	}
}

// Twenty phones that start at once are polled without coming near the limit:
// nobody waits for the budget.
func TestTwentyStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var names []string
		for range 20 {
			names = append(names, "shop"+strings.Repeat("x", len(names)))
		}
		cloud, b := newCloud(names...), &bench{t: t, dir: t.TempDir()}
		cloud.boot = 20 * time.Second
		begun := time.Now()
		var all sync.WaitGroup
		for i, name := range names {
			phone := geelark.NewPhone(
				geelark.PhoneConfig{Name: name}, cloud.client(t, b.dir), b.open(i+2), b.logger(),
			)
			all.Go(func() {
				if _, err := phone.Start(t.Context()); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if err := phone.Stop(t.Context()); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		if most := cloud.most("phone/status", time.Minute); most > budget.PerMinute {
			t.Errorf("%d statuses in a minute", most)
		}
		if took := time.Since(begun); took > 90*time.Second {
			t.Errorf("it took %s", took)
		}
		for _, p := range cloud.phones {
			if p.status.Billable() {
				t.Errorf("%s runs", p.name)
			}
		}
	})
}
