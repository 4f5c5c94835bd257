package lifetest

import (
	"testing"
	"time"

	"postfleet/internal/phonesim/app"
)

// trouble is what is the matter with the phone while workers die.
type trouble struct {
	name string
	// arm makes the trouble, before the first life.
	arm func(p *phone) error
	// hasty lets the next worker begin while the phone is still sharing.
	hasty bool
	// stories are what happens in all, by when the first worker dies.
	stories map[point]string
}

func inject(f app.Fault) func(p *phone) error {
	return func(p *phone) error { return p.App.Inject(f, 1) }
}

// well is what happens when nothing else is the matter: whoever comes after a
// worker that died before phase posting runs the job; after one that died from
// then on, it looks at the profile; and after one that saw the post, it ends
// the claim.
func well() map[point]string {
	return map[point]string{
		never:              "claim posting tap posted success",
		{onClaim, false}:   "† claim posting tap posted success",
		{onClaim, true}:    "claim † claim posting tap posted success",
		{onPosting, false}: "claim † claim posting tap posted success",
		{onPosting, true}:  "claim posting † verify pending claim posting tap posted success",
		{onTap, false}:     "claim posting † verify pending claim posting tap posted success",
		{onTap, true}:      "claim posting tap † verify success",
		{onPosted, false}:  "claim posting tap † verify success",
		{onPosted, true}:   "claim posting tap posted † settle success",
		{onFinish, false}:  "claim posting tap posted † settle success",
		{onFinish, true}:   "claim posting tap posted success †",
	}
}

// troubles are the columns of the matrix.
func troubles() []trouble {
	return []trouble{
		{name: "none", stories: well()},
		{name: "post_then_die", arm: inject(app.FaultPostThenDie), stories: well()},
		{
			name: "slow_post, landed when somebody looks", stories: well(),
			arm: func(p *phone) error {
				p.App.SetSlowUploadTime(100 * time.Millisecond)
				return p.App.Inject(app.FaultSlowPost, 1)
			},
		},
		{
			// The next worker starts the app anew, which ends what it was sharing. At
			// all other points it is as above.
			name: "slow_post, cut off by who looks", hasty: true,
			arm: func(p *phone) error {
				p.App.SetSlowUploadTime(time.Minute)
				return p.App.Inject(app.FaultSlowPost, 1)
			},
			stories: map[point]string{
				{onTap, true}: "claim posting tap † verify pending claim posting tap posted success",
			},
		},
		{
			// The tap comes to nothing, once.
			name: "share_fails", arm: inject(app.FaultShareFails),
			stories: map[point]string{
				never:              "claim posting tap pending claim posting tap posted success",
				{onClaim, false}:   "† claim posting tap pending claim posting tap posted success",
				{onClaim, true}:    "claim † claim posting tap pending claim posting tap posted success",
				{onPosting, false}: "claim † claim posting tap pending claim posting tap posted success",
				{onPosting, true}: "claim posting † verify pending claim posting tap pending " +
					"claim posting tap posted success",
				{onTap, false}: "claim posting † verify pending claim posting tap pending " +
					"claim posting tap posted success",
				{onTap, true}:     "claim posting tap † verify pending claim posting tap posted success",
				{onPosted, false}: "claim posting tap pending claim posting tap † verify success",
				{onPosted, true}:  "claim posting tap pending claim posting tap posted † settle success",
				{onFinish, false}: "claim posting tap † verify pending claim posting tap posted success",
				{onFinish, true}:  "claim posting tap pending † claim posting tap posted success",
			},
		},
		{name: "pinned_post", arm: inject(app.FaultPinnedPost), stories: well()},
		{
			name: "profile_lag", stories: well(),
			arm: func(p *phone) error {
				p.App.SetProfileLag(profileLag)
				return p.App.Inject(app.FaultProfileLag, 1)
			},
		},
	}
}

// points are the rows of the matrix: no kill, and one before and after each
// transition.
func points() []point {
	all := []point{never}
	for _, transition := range []string{onClaim, onPosting, onTap, onPosted, onFinish} {
		all = append(all, point{transition, false}, point{transition, true})
	}
	return all
}

// TestKilled is the matrix: whatever is the matter with the phone, and wherever
// the worker is killed, ledger and phone agree in the end, nothing is posted
// twice, and there is one tap at most for each recorded phase posting.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, tr := range troubles() {
		for _, p := range points() {
			if tr.stories[p] == "" {
				continue
			}
			t.Run(tr.name+"/"+p.String(), func(t *testing.T) {
				t.Parallel()
				c := newCell(t, tr)
				if p != never {
					c.kill("0", p)
				}
				c.finish("0")
				if row := c.judge(tr.stories[p]); row.Unknown() {
					t.Errorf("nobody knows what came of it: %s", row.Error)
				}
			})
		}
	}
}

// TestKilledAndInherited: a worker with another id does what the successor with
// the same one does.
func TestKilledAndInherited(t *testing.T) {
	t.Parallel()
	for p, story := range well() {
		if p == never {
			continue
		}
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			c := newCell(t, trouble{})
			c.kill("0", p)
			c.finish("1")
			c.judge(story)
		})
	}
}

// TestKilledAgain: the workers that come to look die as well. The third death is
// the job's end; then a job that may have been posted is not looked for again:
// these are the cells whose outcome is unknown.
func TestKilledAgain(t *testing.T) {
	t.Parallel()
	claimed, tapped := point{onClaim, true}, point{onTap, true}
	for _, tt := range []struct {
		name    string
		deaths  []point
		story   string
		unknown bool
	}{
		// The last life is not risked as long as Appium is starting.
		{
			"having claimed",
			[]point{tapped, claimed},
			"claim posting tap † verify † verify pending verify success", false,
		},
		{
			"before the finish",
			[]point{tapped, {onFinish, false}},
			"claim posting tap † verify † verify pending verify success", false,
		},
		{"after the finish", []point{tapped, {onFinish, true}}, "claim posting tap † verify success †", false},
		{
			"posted, three deaths",
			[]point{tapped, claimed, claimed},
			"claim posting tap † verify † verify †", true,
		},
		{
			"not tapped, three deaths",
			[]point{{onTap, false}, claimed, claimed},
			"claim posting † verify † verify †", true,
		},
		{"before posting, three deaths", []point{claimed, claimed, claimed}, "claim † claim † claim †", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, trouble{})
			for _, p := range tt.deaths {
				c.kill("0", p)
			}
			c.finish("0")
			if row := c.judge(tt.story); row.Unknown() != tt.unknown {
				t.Errorf("got %s %q, want unknown: %t", row.Status, row.Error, tt.unknown)
			}
		})
	}
}
