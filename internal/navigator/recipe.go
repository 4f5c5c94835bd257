package navigator

import (
	"time"

	"postfleet/internal/fault"
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

	// SlotAccount and SlotCaption are the slots every job has.
	SlotAccount = "account"
	SlotCaption = "caption"
)

// Recipe is a loaded recipe without mistakes: the written steps of an app's
// flows. It is immutable. Get one from Load.
type Recipe struct {
	name string
	doc  document
	// publish is the irreversible step.
	publish *step
}

// Name is the name Load was given.
func (r *Recipe) Name() string { return r.name }

// AppID is the Android package that the recipe drives.
func (r *Recipe) AppID() string { return r.doc.App.ID }

// document is a recipe file.
type document struct {
	Recipe int    `yaml:"recipe"`
	App    app    `yaml:"app"`
	Slots  []slot `yaml:"slots"`
	// Guards are interruptions that may appear on any screen, in order of trial.
	Guards []guard `yaml:"guards"`
	// Failures are screens on which an attempt ends, with the class that says why.
	Failures []failure         `yaml:"failures"`
	Flows    map[string][]step `yaml:"flows"`
}

type app struct {
	ID string `yaml:"id"`
}

// slot is the name of a value that the job brings.
type slot = string

type guard struct {
	ID     string     `yaml:"id"`
	When   *condition `yaml:"when"`
	Do     action     `yaml:"do"`
	Target []selector `yaml:"target"`
	// Max is how often one walk puts up with it.
	Max int `yaml:"max"`
}

type failure struct {
	ID      string     `yaml:"id"`
	When    *condition `yaml:"when"`
	Class   class      `yaml:"class"`
	Message string     `yaml:"message"`
}

type step struct {
	ID string `yaml:"id"`
	// Goal is one plain sentence: what the step is for.
	Goal string `yaml:"goal"`
	// When, evaluated once as the step begins, says whether it is needed.
	When *condition `yaml:"when"`
	// Needs must hold on the very dump on which the target is found.
	Needs *condition `yaml:"needs"`
	// Target is what is acted upon: alternatives in order of trust. The first
	// that matches exactly one element is taken.
	Target []selector `yaml:"target"`
	Do     action     `yaml:"do"`
	// Slot or Value is what do: type types.
	Slot  slot    `yaml:"slot"`
	Value *string `yaml:"value"`
	// Direction is where the finger moves on do: swipe.
	Direction direction `yaml:"direction"`
	// Read are the values of do: read, all taken from one dump.
	Read map[string]reading `yaml:"read"`
	// Scroll looks for the target further along a list.
	Scroll *scroll `yaml:"scroll"`
	// Miss replaces class and message when the target is not to be found.
	Miss *miss `yaml:"miss"`
	// Expect is what the screen shows when the step has worked.
	Expect *condition `yaml:"expect"`
	// Timeout bounds the search for the target, and again the wait for Expect.
	Timeout  time.Duration `yaml:"timeout"`
	Optional bool          `yaml:"optional"`
	// Retry is how often the step is begun again when Expect did not come.
	Retry  int    `yaml:"retry"`
	Effect effect `yaml:"effect"`
}

type reading struct {
	Target []selector `yaml:"target"`
	// All reads every match of the first alternative that has one, none included.
	All bool `yaml:"all"`
}

type scroll struct {
	When      *condition `yaml:"when"`
	Direction direction  `yaml:"direction"`
	Max       int        `yaml:"max"`
}

type miss struct {
	Class   class  `yaml:"class"`
	Message string `yaml:"message"`
}

// action is what a step or a guard does.
type action string

const (
	doTap   action = "tap"
	doType  action = "type"
	doSwipe action = "swipe"
	doBack  action = "back"
	doWait  action = "wait"
	doRead  action = "read"
)

// effect is what a step leaves behind. Only effectIrreversible changes how it
// is run; the others tell the reader.
type effect string

const (
	effectNone         effect = "none"
	effectLocal        effect = "local"
	effectIrreversible effect = "irreversible"
)

// direction is where a finger moves: up shows what is further down.
type direction string

const (
	moveUp    direction = "up"
	moveDown  direction = "down"
	moveLeft  direction = "left"
	moveRight direction = "right"
)

// class is the word for a fault.Class that a screen can stand for.
type class string

func (c class) fault() (fault.Class, bool) {
	for _, f := range []fault.Class{fault.Account, fault.Content, fault.Infra} {
		if string(c) == f.String() {
			return f, true
		}
	}
	return fault.Unclassified, false
}

const defaultTimeout = 15 * time.Second

func (s *step) timeout() time.Duration {
	if s.Timeout == 0 {
		return defaultTimeout
	}
	return s.Timeout
}

func (s *step) irreversible() bool { return s.Effect == effectIrreversible }
