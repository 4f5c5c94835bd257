package navigator_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"postfleet/internal/claudesim/insider"
	"postfleet/internal/navigator"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
	"postfleet/internal/recipe"
)

// sample is a phone with the sample app, in one of its skins.
type sample struct {
	*handset.Handset
	skin *app.Skin
	// stopBefore, when set, is what the commit says.
	stopBefore error
}

// newSample is a phone with two videos and one post.
func newSample(t *testing.T, number int, language app.Language) *sample {
	t.Helper()
	h, err := handset.New(handset.Config{
		App:  app.Config{Accounts: []string{"shop_b", "shop_a"}, Language: language, MediaGranted: true},
		Skin: number, Terse: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Service.Set(app.Post{Account: "shop_a", Caption: "older", VideoSHA256: "0"})
	for _, name := range []string{"a", "b"} {
		h.Gallery.Put(app.Video{Path: "/" + name + ".mp4", SHA256: name, Bytes: 1})
	}
	return &sample{Handset: h, skin: h.App.Skin()}
}

// posts is how many there are.
func (p *sample) posts() int { return len(p.Service.All()) }

// dumps is how often the screen was fetched.
func (p *sample) dumps() int {
	return len(slices.DeleteFunc(p.Calls(), func(call string) bool { return call != "source" }))
}

// post walks all flows as an attempt does.
func (p *sample) post(ctx context.Context, r *recipe.Recipe, help navigator.Help) (recipe.Values, error) {
	p.App.Stop()
	p.App.Start()
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
		id := h.skin.ID(insider.Original(e.Name))
		for _, line := range q.Outline.Lines {
			if line.Node != nil && line.Node.ID == id {
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
