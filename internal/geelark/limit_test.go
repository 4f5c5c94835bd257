package geelark_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/budget"
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
