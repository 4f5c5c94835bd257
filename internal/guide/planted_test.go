package guide_test

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v3"

	"postfleet/internal/learned"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/screen"
)

// wrong is a record that somebody has written by hand.
type wrong struct {
	name string
	look
	alone bool
	props []prop
	// scene is the screen it is for, and leadsTo what it says is the element.
	scene, element, leadsTo string
	changeFunc              func(r *learned.Record)
	// misled is the touch of whom it misleads, "" when none may happen at all.
	misled string
	// dead records are those that nobody uses, so that nobody takes them out.
	dead bool
}

func wrongs() []wrong {
	return []wrong{
		{
			name: "a tab", look: look{skin: 2}, scene: "home", element: "profile_tab", leadsTo: "tab_create",
			misled: "home/tab_create",
		},
		{
			name: "a candidate", look: look{skin: 2}, scene: "home", element: "profile_tab", leadsTo: "tab_create",
			changeFunc: func(r *learned.Record) { r.State, r.By.Worker = learned.StateCandidate, "w3" },
			misled:     "home/tab_create",
		},
		{
			name: "an entry", look: look{skin: 1}, scene: "create", element: "reel_choice", leadsTo: "create_story",
			misled: "create/create_story",
		},
		{
			name: "what closes the app's own page", look: look{skin: 2},
			scene: "home", element: "", leadsTo: "tab_home",
			misled: "home/tab_home",
		},
		{
			name: "share under another name", alone: true,
			scene: "caption", element: "caption_field", leadsTo: "share_button",
		},
		{
			name: "share under another name, of a skin", look: look{skin: 2}, alone: true, scene: "caption",
			element: "caption_field", leadsTo: "share_button",
		},
		{
			name: "log out", look: look{skin: 2}, scene: "home", element: "profile_tab", leadsTo: "harm_logout",
			props: []prop{control("home", "harm_logout", "Log out", "Settings")},
		},
		{
			name: "of other words of the recipe", look: look{skin: 2},
			scene: "home", element: "profile_tab", leadsTo: "tab_create",
			changeFunc: func(r *learned.Record) { r.Hash = learned.Hash("something else") }, dead: true,
		},
		{
			name: "of another version", look: look{skin: 2},
			scene: "home", element: "profile_tab", leadsTo: "tab_create",
			changeFunc: func(r *learned.Record) { r.Version, r.VersionsOK = "1.0", []string{"1.0"} },
			misled:     "home/tab_create",
		},
	}
}

// workers share the memory: few where it is the record that is another, and not
// what becomes of it, because twenty posts take long.
func (w wrong) workers() int {
	switch {
	case !thorough:
		return 2
	case w.name == "a tab":
		return 20
	default:
		return 3
	}
}

const planted = "planted1"

// TestWrongRecord: of workers that share a memory with a wrong record in it, one
// is misled at most; the record is out, with the reason, nothing is done
// that cannot be undone, and all of them post.
func TestWrongRecord(t *testing.T) {
	t.Parallel()
	all := wrongs()
	if !thorough {
		all = some(all, 9)
	}
	for _, w := range all {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				f, stop := newFleet(t, dir)
				defer stop()
				f.plant(w)
				misled := 0
				var mu sync.Mutex
				var all sync.WaitGroup
				for n := range w.workers() {
					p := newPhone(t, w.look)
					p.stage.props = w.props
					f.mind = honest{skin: p.App.Skin(), asked: &f.free}
					all.Go(func() {
						defer p.Close()
						f.insist(p, worker{name: fmt.Sprint("w", n), job: n + 1, alone: w.alone, caption: caption})
						mu.Lock()
						defer mu.Unlock()
						if slices.Contains(p.Touched(), w.misled) {
							misled++
						}
					})
				}
				all.Wait()
				if misled > 1 {
					t.Errorf("%d workers were misled", misled)
				}
				f.isOut(w)
				t.Logf("%d misled, %d questions", misled, f.free.Load())
			})
		})
	}
}

// insist has a worker post as a job is posted: one attempt may fail.
func (f *fleet) insist(p *phone, w worker) {
	f.t.Helper()
	o := f.post(p, w)
	o.sound(f.t, p, w, 1)
	if o.err != nil && len(o.phases) == 0 {
		f.t.Logf("%s: %v", w.name, o.err)
		o = f.post(p, w)
		o.sound(f.t, p, w, 1)
	}
	if posts := len(p.Service.All()); o.err != nil || posts != 2 || p.Shares() != 1 {
		f.t.Errorf("%s: %d posts, %d touches of share: %v", w.name, posts, p.Shares(), o.err)
	}
}

// plant writes w into learned.yaml, as one that everybody trusts.
func (f *fleet) plant(w wrong) {
	f.t.Helper()
	skin, err := app.NewSkin(w.skin, w.language)
	if err != nil {
		f.t.Fatal(err)
	}
	name, _ := skin.Version()
	r := builtin(f.t)
	long := time.Now().Add(-24 * time.Hour).UTC()
	record := learned.Record{
		ID: planted, Revision: 1, State: learned.StateTrusted, App: app.Package, Recipe: r.Name(),
		Kind: learned.KindInterruption, Name: w.element, Screen: learned.Print{Print: f.print(skin, w)},
		Find:    []learned.Identity{{ID: idOf(skin, w.leadsTo)}},
		Version: name, VersionsOK: []string{name}, Successes: 9, Workers: []string{"w1", "w2", "w3"},
		LearnedAt: long, LastOK: time.Now().Add(-time.Minute).UTC(),
		By: learned.Provenance{Model: "by hand", Worker: "w1"},
	}
	if record.Find[0].ID == "" {
		record.Find[0].ID = w.leadsTo
	}
	if e := r.Element(w.element); e != nil {
		record.Kind, record.Hash = learned.KindElement, learned.Hash(e.Words()...)
	}
	if w.changeFunc != nil {
		w.changeFunc(&record)
	}
	text, err := yaml.Marshal(map[string]any{"learned": 1, "revision": 1, "records": []learned.Record{record}})
	if err == nil {
		err = os.WriteFile(f.path(learned.FileName), text, 0o600)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// print is the fingerprint of the screen that w is for.
func (f *fleet) print(skin *app.Skin, w wrong) screen.Print {
	f.t.Helper()
	shots := app.Shots(skin, app.Content{Accounts: []string{account, "shop_b"}, Caption: caption})
	i := slices.IndexFunc(shots, func(s app.Shot) bool { return s.Name == w.scene })
	if i < 0 {
		f.t.Fatalf("no scene %s", w.scene)
	}
	s, on := shots[i].Screen, &stage{props: w.props}
	on.dress(&s)
	tree, err := screen.Parse(s.XML())
	if err != nil {
		f.t.Fatal(err)
	}
	print, _ := tree.Print(app.Package)
	return print
}

// isOut checks that nobody will use the planted record again.
func (f *fleet) isOut(w wrong) {
	f.t.Helper()
	for _, r := range f.records() {
		switch {
		case r.ID != planted:
			if r.Active() && r.Failures > 0 {
				f.t.Errorf("what is right failed: %+v", r)
			}
		case w.dead:
		case r.Active() || r.Reason == "":
			f.t.Errorf("the record is %s, %q, after %d failures", r.State, r.Reason, r.Failures)
		default:
			f.t.Logf("the record is %s, %s, after %d failures", r.State, r.Reason, r.Failures)
		}
	}
}
