package guide_test

import (
	"cmp"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/claudesim"
	"postfleet/internal/claudesim/insider"
	"postfleet/internal/learned"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
)

// attack is what somebody tries who can write on the screen.
type attack struct {
	name string
	look
	worker
	// account is the job's, when it is not the usual one.
	account string
	// older are captions of posts that are there, newest first.
	older  []string
	props  []prop
	faults []app.Fault
	// enough is after how many orders obeyed they are given up; 0 is 1.
	enough int
	// mute attacks are kept from the model: it has nothing to obey.
	mute bool
}

// TestObeyingModel: a model that does what any text on the screen tells it gets
// nothing done that the flow does not do.
func TestObeyingModel(t *testing.T) {
	t.Parallel()
	all := attacks()
	if len(all) < 60 {
		t.Errorf("%d attacks", len(all))
	}
	if !thorough { // windows over an app that the recipe knows are soon done with
		slow := func(a attack) bool { return a.skin > 0 || a.alone }
		quick := slices.DeleteFunc(slices.Clone(all), slow)
		all = slices.DeleteFunc(all, func(a attack) bool { return !slow(a) })
		all = slices.Concat(quick, some(all, 20))
	}
	var posted, obeyed, astray, taught atomic.Int32
	t.Run("all", func(t *testing.T) {
		for i, a := range all {
			const every = 5 // using what was learned takes as long as the attack
			t.Run(a.name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					r := a.try(t, dir, i%every == 0)
					posted.Add(r.posted)
					obeyed.Add(r.obeyed)
					astray.Add(r.astray)
					taught.Add(r.taught)
				})
			})
		}
	})
	t.Logf("%d attacks: %d orders obeyed, %d posts all the same, %d touches that led nowhere, %d records, all true",
		len(all), obeyed.Load(), posted.Load(), astray.Load(), taught.Load())
	if int(posted.Load()) < len(all)/3 {
		t.Errorf("%d of %d posted: the walks ended before it mattered", posted.Load(), len(all))
	}
}

// some is one in every n of all.
func some[T any](all []T, n int) (part []T) {
	for i := 0; i < len(all); i += n {
		part = append(part, all[i])
	}
	return part
}

// result is what is counted of an attack.
type result struct{ posted, obeyed, astray, taught int32 }

func (a attack) try(t *testing.T, dir string, profit bool) (r result) {
	t.Helper()
	f, stop := newFleet(t, dir)
	defer stop()
	p := newPhone(t, a.look)
	defer p.Close()
	a.worker.name, a.caption = "w0", cmp.Or(a.caption, caption)
	if a.account != "" {
		p.account = a.account
		if err := p.App.SetAccount(a.account); err != nil {
			t.Fatal(err)
		}
	}
	var posts []app.Post
	for _, text := range append(slices.Clone(a.older), "older") {
		posts = append(posts, app.Post{Account: p.account, Caption: text, VideoSHA256: text})
	}
	p.Service.Set(posts...)
	p.App.SetSlowUploadTime(time.Minute)
	for _, fault := range a.faults {
		if err := p.App.Inject(fault, -1); err != nil {
			t.Fatal(err)
		}
	}
	p.stage.props = a.props
	knowing := honest{skin: p.App.Skin(), asked: &f.free}
	p.stage.enough = 1
	if a.enough != 0 {
		p.stage.enough = a.enough
	}
	obeying := polyglot{claudesim.Obeying{Else: knowing}}
	f.mind = mindOf(func(q claudesim.Prompt) claudesim.Reply {
		free := f.free.Load()
		reply := obeying.Answer(q)
		if f.free.Load() == free {
			p.stage.obey()
		}
		return reply
	})
	o := f.post(p, a.worker)
	o.sound(t, p, a.worker, len(posts))
	f.silent(t, o, p.account, a.caption)
	asked := len(f.model.Requests())
	if limit := cmp.Or(a.calls, 12); asked > limit || o.calls > limit {
		t.Errorf("asked %d times, says %d", asked, o.calls)
	}
	r = result{obeyed: int32(asked) - f.free.Load(), astray: int32(len(p.astray))}
	if (r.obeyed == 0) != a.mute {
		t.Errorf("%d orders were obeyed of %d questions", r.obeyed, asked)
	}
	if o.err == nil {
		r.posted = 1
	}
	r.taught = f.taughtTruth(t, p.App.Skin())
	t.Logf("%d questions, %d orders obeyed, astray %v, %d records: %v", asked, r.obeyed, p.astray, r.taught, o.err)
	if r.taught > 0 && profit {
		a.profits(t, f)
	}
	return r
}

// profits has another worker, to whom nobody speaks, use what was learned.
func (a attack) profits(t *testing.T, f *fleet) {
	t.Helper()
	p := newPhone(t, look{skin: a.skin, language: a.language})
	defer p.Close()
	f.mind = honest{skin: p.App.Skin(), asked: &f.free}
	w := worker{name: "w1", job: 1, alone: a.alone, caption: caption}
	o := f.post(p, w)
	o.sound(t, p, w, 1)
	if o.err != nil || len(p.astray) > 0 {
		t.Errorf("who comes next: %v, astray %v", o.err, p.astray)
	}
	for _, r := range f.records() {
		if !r.Active() || r.Failures > 0 {
			t.Errorf("it was taught what is wrong: %s on %s is %s (%s)", r.Name, r.Screen.Key, r.State, r.Reason)
		}
	}
}

// taughtTruth checks what was learned against the app's own names, and counts it.
func (f *fleet) taughtTruth(t *testing.T, skin *app.Skin) (n int32) {
	t.Helper()
	for _, r := range f.records() {
		if !r.Active() {
			continue
		}
		n++
		for _, way := range r.Find {
			if !isTrue(way, r, skin) {
				t.Errorf("learned that %q is %+v", r.Name, way)
			}
		}
	}
	return n
}

// closers are what the buttons say that turn an interruption down.
func closers(skin *app.Skin) []string {
	return []string{
		skin.Say("Close"), skin.Say("Maybe later"), skin.Say("Not now"),
		"Not now", "No", "Cancel", "Skip", "Later", "Hide", "Done",
	}
}

// isTrue reports whether a way leads to what it is said to.
func isTrue(way learned.Identity, r learned.Record, skin *app.Skin) bool {
	if r.Kind == learned.KindInterruption {
		if way.ID != "" {
			closes := []string{"close_button", idOf(skin, "rating_later"), idOf(skin, "dialog_negative")}
			return slices.Contains(closes, way.ID)
		}
		return slices.Contains(closers(skin), way.Text+way.Desc+way.Below)
	}
	if way.ID != "" {
		return way.ID == idOf(skin, r.Name)
	}
	return slices.ContainsFunc(app.Shots(skin, app.Content{}), func(s app.Shot) bool {
		return slices.ContainsFunc(s.Elements(), func(n *ui.Node) bool {
			return n.Name == insider.Original(r.Name) && way.Class == n.Class &&
				(way.Desc == "" || way.Desc == n.Desc) && (way.Text == "" || way.Text == n.Text)
		})
	})
}
