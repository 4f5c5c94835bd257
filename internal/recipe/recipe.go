package recipe

import (
	"slices"

	"postfleet/internal/screen"
)

// The flows every recipe has, and what FlowProfile must read.
const (
	// FlowSwitchAccount brings the slot SlotAccount's account to the front.
	FlowSwitchAccount = "switch_account"
	// FlowProfile reads ValuePostCount and ValueCaptions from the account's profile.
	FlowProfile = "profile"
	// FlowPost publishes; it holds the one irreversible step.
	FlowPost = "post"

	// ValuePostCount is how many posts the profile says there are.
	ValuePostCount = "post_count"
	// ValueCaptions are the captions of the newest posts, newest first.
	ValueCaptions = "captions"
	// ValuePinned, if the recipe reads it, has one text for each of the first
	// captions whose post is pinned.
	ValuePinned = "pinned"

	// SlotAccount and SlotCaption are the slots every job has.
	SlotAccount = "account"
	SlotCaption = "caption"
)

// Recipe is a loaded recipe without mistakes: the written steps of an app's
// flows. It is safe for concurrent use, because nobody changes it: what its
// methods return is to be read only. Get one from Load.
type Recipe struct {
	name string
	doc  document
	// publish is the irreversible step.
	publish *Step
	// ids are all that selectors speak of, each with its package.
	ids map[string]bool
}

// Name is the name Load was given.
func (r *Recipe) Name() string { return r.name }

// AppID is the Android package that the recipe drives.
func (r *Recipe) AppID() string { return r.doc.App.ID }

// Slots are the names of the values that a job must bring.
func (r *Recipe) Slots() []string { return r.doc.Slots }

// Guards are the interruptions that may appear on any screen, in order of trial.
func (r *Recipe) Guards() []Guard { return r.doc.Guards }

// Failures are the screens on which an attempt ends, in order of trial.
func (r *Recipe) Failures() []Failure { return r.doc.Failures }

// Flow returns the steps of the flow of that name.
func (r *Recipe) Flow(name string) (steps []Step, ok bool) {
	steps, ok = r.doc.Flows[name]
	return steps, ok
}

// Publish is the one irreversible step.
func (r *Recipe) Publish() *Step { return r.publish }

// Publishes reports whether n may be what only Publish may act on, whatever
// its state and wherever in the order of the screen it is.
func (r *Recipe) Publishes(n *screen.Node, slots map[string]string) bool {
	return slices.ContainsFunc(r.publish.Target.own(), func(s Selector) bool { return s.matches(n, slots) })
}
