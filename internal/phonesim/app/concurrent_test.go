package app_test

import (
	"image"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
)

// Whatever many hands do at once, the app stays a screen that can be drawn and
// closed.
func TestManyHands(t *testing.T) {
	t.Parallel()
	u := unlock(t, func(c *app.Config) {
		c.UploadTime = time.Microsecond
	})
	u.SetSlowUploadTime(time.Millisecond)
	faults := []app.Fault{
		app.FaultPopup, app.FaultSlowPost, app.FaultShareFails, app.FaultActionBlocked, app.FaultPostThenDie,
		app.FaultLogout, app.FaultReskin,
	}
	var hands sync.WaitGroup
	for seed := range 6 {
		hands.Go(func() {
			r := rand.New(rand.NewPCG(uint64(seed), 2))
			for range 150 {
				act(t, u, r, faults)
			}
		})
	}
	hands.Wait()
	u.ClearAll()
	u.Stop()
	u.Start()
	u.on("home")
}

func act(t *testing.T, u *user, r *rand.Rand, faults []app.Fault) {
	t.Helper()
	switch r.IntN(12) {
	case 0:
		u.Key(4)
	case 1:
		if err := u.Inject(faults[r.IntN(len(faults))], 1); err != nil {
			t.Error(err)
		}
	case 2:
		u.ClearAll()
	case 3:
		u.Stop()
	case 4:
		u.Start()
	case 5:
		u.Type("x")
	default:
		s := u.Screen()
		var nodes []*ui.Node
		for n := range s.Active().All() {
			if n.Clickable {
				nodes = append(nodes, n)
			}
		}
		if len(nodes) > 0 {
			u.Tap(nodes[r.IntN(len(nodes))].Center())
		}
		u.Swipe(image.Pt(500, 1500), image.Pt(500, 500))
		if s.XML() == "" || u.State().Screen == "" {
			t.Error("nothing is on the screen")
		}
	}
}
