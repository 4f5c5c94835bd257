package main

import (
	"fmt"
	"slices"
	"strings"

	"postfleet/internal/claudesim/insider"
	sample "postfleet/internal/phonesim/app"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

// outlineRun is what was seen of outlines.
type outlineRun struct {
	// tokens and ratios have one value for each screen: what the outline takes of
	// a prompt, and how much smaller than the source it is, in bytes.
	tokens, ratios []float64
	// shortened is how many outlines leave something out.
	shortened int
	// targets is how often something that a step acts on was on a screen, and lost
	// where it had no line.
	targets int
	lost    []string
}

// outlines looks at all screens of the app in many skins, languages and
// contents.
func (l *lab) outlines() (*outlineRun, error) {
	r := &outlineRun{}
	targets := targetsOf(l.recipe)
	for number := range l.cfg.outlined {
		for _, language := range sample.Languages()[:l.cfg.languages] {
			skin, err := sample.NewSkin(number, language)
			if err != nil {
				return nil, err
			}
			for _, content := range []sample.Content{{}, crowd(number)} {
				if err := r.shots(skin, content, targets); err != nil {
					return nil, err
				}
			}
		}
	}
	return r, nil
}

func (r *outlineRun) shots(skin *sample.Skin, content sample.Content, targets []string) error {
	for _, shot := range sample.Shots(skin, content) {
		if shot.Screen.Active().Package != sample.Package {
			continue
		}
		o, err := r.outline(shot.Source(), sample.Package)
		if err != nil {
			return err
		}
		where := fmt.Sprintf("skin %d %s %s", skin.Number(), skin.Language(), shot.Name)
		for _, n := range shot.Elements() {
			if slices.Contains(targets, n.Name) {
				r.target(o, n.ResourceID, where)
			}
		}
	}
	return nil
}

// target holds that an element which is on a screen has a line, or is part of
// one. Of the items of a list some do, which share one id.
func (r *outlineRun) target(o screen.Outline, id, where string) {
	r.targets++
	named := func(n *screen.Node) bool { return n != nil && n.ID == id }
	if !slices.ContainsFunc(o.Lines, func(l screen.Line) bool {
		return named(l.Node) || slices.ContainsFunc(l.Parts, named)
	}) {
		r.lost = append(r.lost, where+": "+id)
	}
}

func (r *outlineRun) outline(source, app string) (screen.Outline, error) {
	tree, err := screen.Parse(source)
	if err != nil {
		return screen.Outline{}, fmt.Errorf("outline: %w", err)
	}
	o := tree.Outline(app)
	text := o.String()
	r.tokens = append(r.tokens, float64(screen.Tokens(text)))
	r.ratios = append(r.ratios, float64(len(source))/float64(max(1, len(text))))
	if o.Hidden > 0 {
		r.shortened++
	}
	return o, nil
}

// targetsOf are the names in the app of what the recipe's steps act on or read.
func targetsOf(r *recipe.Recipe) []string {
	var names []string
	for _, flow := range []string{recipe.FlowSwitchAccount, recipe.FlowProfile, recipe.FlowPost} {
		steps, _ := r.Flow(flow)
		for i := range steps {
			sought := slices.Clone(steps[i].Target)
			for _, reading := range steps[i].Read {
				sought = append(sought, reading.Target...)
			}
			for j := range sought {
				names = append(names, insider.Original(sought[j].Element))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// crowd is more than fits on a screen, and long.
func crowd(number int) sample.Content {
	c := sample.Content{Caption: strings.Repeat("A long caption that goes on and on 🎉 #new ", 20)}
	for i := range 12 {
		c.Accounts = append(c.Accounts, fmt.Sprintf("some.shop.with_a_long_name_%d_%d", number, i))
	}
	for i := range 40 {
		c.Posts = append(c.Posts, sample.Post{
			Account: c.Accounts[0], Caption: fmt.Sprintf("Post %d: %s", i, c.Caption), VideoSHA256: fmt.Sprint(i),
		})
		c.Videos = append(c.Videos, sample.Video{Path: fmt.Sprintf("/sdcard/Movies/video-%d.mp4", i)})
	}
	return c
}

// corpusOutlines looks at the made-up app's screens, each in as many languages.
func (l *lab) corpusOutlines() (*outlineRun, error) {
	r := &outlineRun{}
	for seed, s := range screentest.Screens() {
		for _, language := range screentest.Languages()[:min(l.cfg.languages, len(screentest.Languages()))] {
			m := screentest.Moment{Language: language, Seed: uint64(seed), Windows: true}
			o, err := r.outline(s.Source(m), screentest.App)
			if err != nil {
				return nil, err
			}
			for _, target := range s.Targets(m) {
				r.target(o, target.ID, s.Name+" "+language)
			}
		}
	}
	return r, nil
}
