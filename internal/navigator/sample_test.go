package navigator_test

import (
	"context"
	"errors"
	"image"
	"slices"
	"sync"
	"testing"
	"time"

	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// service is what the phones' app talks to.
type service struct {
	mu    sync.Mutex
	posts []app.Post
}

func (s *service) Add(p app.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = slices.Insert(s.posts, 0, p)
	return nil
}

func (s *service) Posts(account string) ([]app.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.posts), func(p app.Post) bool { return p.Account != account }), nil
}

// sample is a phone with the sample app, in one of its skins.
type sample struct {
	t    *testing.T
	app  *app.App
	skin *app.Skin
	service
	dumps int
	// shares is how often the button that publishes was tapped.
	shares int
	// stopBefore, when set, is what the commit says.
	stopBefore error
}

func newSample(t *testing.T, number int, language app.Language) *sample {
	t.Helper()
	p := &sample{t: t}
	var err error
	if p.skin, err = app.NewSkin(number, language); err != nil {
		t.Fatal(err)
	}
	p.posts = []app.Post{{Account: "shop_a", Caption: "older", VideoSHA256: "0"}}
	p.app, err = app.New(app.Config{
		Accounts: []string{"shop_b", "shop_a"}, Store: &p.service, Gallery: p, Language: language, MediaGranted: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if number > 0 {
		if err := p.app.Inject(app.FaultReskin, number); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *sample) Videos() []app.Video {
	return []app.Video{{Path: "/b.mp4", SHA256: "b", Bytes: 1}, {Path: "/a.mp4", SHA256: "a", Bytes: 1}}
}

func (p *sample) Source(context.Context) (string, error) {
	p.dumps++
	return p.app.Screen().XML(), nil
}

func (p *sample) Tap(_ context.Context, x, y int) error {
	tree, err := screen.Parse(p.app.Screen().XML())
	if err != nil {
		return err
	}
	for _, n := range tree.Nodes {
		if n.ID == p.skin.ID("share_button") && n.Bounds.Contains(x, y) {
			p.shares++
		}
	}
	p.app.Tap(image.Pt(x, y))
	return nil
}

func (p *sample) Swipe(_ context.Context, x1, y1, x2, y2 int, _ time.Duration) error {
	p.app.Swipe(image.Pt(x1, y1), image.Pt(x2, y2))
	return nil
}

func (p *sample) Type(_ context.Context, text string) error {
	field := p.app.Screen().Focused()
	if field == nil {
		return errors.New("no field has the focus")
	}
	return p.app.SetText(field.Ref, text)
}

func (p *sample) Back(context.Context) error {
	p.app.Key(4)
	return nil
}

// post walks all flows as an attempt does.
func (p *sample) post(ctx context.Context, r *recipe.Recipe, help navigator.Help) (recipe.Values, error) {
	p.app.Stop()
	p.app.Start()
	nav := navigator.New(r, navigator.Config{Help: help, MaxSteps: 40}, nil)
	walk := nav.Walk(p, slots("hello"), func(context.Context) error { return p.stopBefore })
	var values recipe.Values
	for _, flow := range []string{recipe.FlowSwitchAccount, recipe.FlowProfile, recipe.FlowPost} {
		got, err := walk.Run(ctx, flow)
		if err != nil {
			return values, err
		}
		if flow == recipe.FlowProfile {
			values = got
		}
	}
	return values, nil
}

// originals are the ids, in the original, of the elements that the built-in
// recipe names otherwise.
func originals() map[string]string {
	return map[string]string{
		"profile_tab": "tab_profile", "profile_account": "profile_switcher", "post_count": "profile_post_count",
		"post_caption": "profile_post_caption", "post_pin": "profile_post_pin", "create_tab": "tab_create",
		"reel_choice": "create_reel", "gallery_video": "gallery_item",
	}
}

// honest is a model that knows the app.
type honest struct {
	mu sync.Mutex
	// skin is what the app looks like.
	skin *app.Skin
	// asked counts the questions by outline.
	asked map[string]int
	calls int
	// answerFunc, when set, may answer in its place.
	answerFunc func(q navigator.Question) (navigator.Answer, bool)
}

func (*honest) Model() string { return "honest" }

func (h *honest) Ask(ctx context.Context, q navigator.Question) (navigator.Answer, error) {
	h.mu.Lock()
	h.calls++
	if h.asked == nil {
		h.asked = map[string]int{}
	}
	h.asked[q.Outline.Lines[0].Text+"/"+q.Outline.Lines[1].Text]++
	h.mu.Unlock()
	timer := time.NewTimer(2 * time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return navigator.Answer{}, ctx.Err()
	}
	if h.answerFunc != nil {
		if a, ok := h.answerFunc(q); ok {
			return a, nil
		}
	}
	return h.answer(q), nil
}

func (h *honest) answer(q navigator.Question) navigator.Answer {
	found := map[string]int{}
	for _, e := range q.Known {
		id := originals()[e.Name]
		if id == "" {
			id = e.Name
		}
		for _, line := range q.Outline.Lines {
			if line.Node != nil && line.Node.ID == h.skin.ID(id) {
				found[e.Name] = line.Number
				break
			}
		}
	}
	if len(found) > 0 {
		return navigator.Answer{Elements: found}
	}
	for _, line := range q.Outline.Lines {
		if n := line.Node; n != nil && n.Actionable() && (n.ID == h.skin.ID("rating_later") ||
			n.ID == h.skin.ID("dialog_negative") || n.Desc == h.skin.Say("Close")) {
			return navigator.Answer{Dismiss: line.Number}
		}
	}
	return navigator.Answer{Verb: navigator.VerbWait}
}
