package recipe

import (
	"time"

	"postfleet/internal/fault"
)

// document is a recipe file.
type document struct {
	Recipe int    `yaml:"recipe"`
	App    app    `yaml:"app"`
	Slots  []slot `yaml:"slots"`
	// Elements are the app's views by name.
	Elements map[string]*Element `yaml:"elements"`
	// Guards are interruptions that may appear on any screen, in order of trial.
	Guards []Guard `yaml:"guards"`
	// Failures are screens on which an attempt ends, with the class that says why.
	Failures []Failure         `yaml:"failures"`
	Flows    map[string][]Step `yaml:"flows"`
}

type app struct {
	ID string `yaml:"id"`
}

// slot is the name of a value that the job brings.
type slot = string

// Guard is an interruption and how it is dealt with.
type Guard struct {
	ID   string     `yaml:"id"`
	When *Condition `yaml:"when"`
	// Do is DoTap on Target, or DoBack.
	Do     Action `yaml:"do"`
	Target Target `yaml:"target"`
	// Max is how often one walk puts up with it.
	Max int `yaml:"max"`
}

// Failure is a screen on which an attempt ends.
type Failure struct {
	ID      string     `yaml:"id"`
	When    *Condition `yaml:"when"`
	Class   Class      `yaml:"class"`
	Message string     `yaml:"message"`
}

// Step is one step of a flow.
type Step struct {
	ID string `yaml:"id"`
	// Goal is one plain sentence: what the step is for.
	Goal string `yaml:"goal"`
	// When, evaluated once as the step begins, says whether it is needed.
	When *Condition `yaml:"when"`
	// Needs must hold on the very dump on which the target is found.
	Needs *Condition `yaml:"needs"`
	// Target is what is acted upon.
	Target Target `yaml:"target"`
	Do     Action `yaml:"do"`
	// Slot or Value is what DoType types.
	Slot  slot    `yaml:"slot"`
	Value *string `yaml:"value"`
	// Direction is where the finger moves on DoSwipe.
	Direction Direction `yaml:"direction"`
	// Read are the values of DoRead, all taken from one dump.
	Read map[string]Reading `yaml:"read"`
	// Scroll looks for the target further along a list; nil does not.
	Scroll *Scroll `yaml:"scroll"`
	// Miss replaces class and message when the target is not to be found.
	Miss *Miss `yaml:"miss"`
	// Expect is what the screen shows when the step has worked.
	Expect *Condition `yaml:"expect"`
	// Timeout bounds the search for the target, and again the wait for Expect;
	// 0 is DefaultTimeout. See Patience.
	Timeout  time.Duration `yaml:"timeout"`
	Optional bool          `yaml:"optional"`
	// Retry is how often the step is begun again when Target was not found or Expect
	// did not come.
	Retry  int    `yaml:"retry"`
	Effect Effect `yaml:"effect"`
}

// DefaultTimeout is what a step without a timeout has.
const DefaultTimeout = 15 * time.Second

// Patience is Timeout, or DefaultTimeout for none.
func (s *Step) Patience() time.Duration {
	if s.Timeout == 0 {
		return DefaultTimeout
	}
	return s.Timeout
}

// Irreversible reports whether s is the step that publishes.
func (s *Step) Irreversible() bool { return s.Effect == EffectIrreversible }

// Reading is one value to read.
type Reading struct {
	Target Target `yaml:"target"`
	// All reads every match of the first alternative that has one, none included.
	All bool `yaml:"all"`
	// Optional takes a list that is not recognised for an empty one.
	Optional bool `yaml:"optional"`
}

// Scroll looks for a target further along the list that shows When.
type Scroll struct {
	When      *Condition `yaml:"when"`
	Direction Direction  `yaml:"direction"`
	// Max is how many swipes at most.
	Max int `yaml:"max"`
}

// Miss is what a target that is not there means.
type Miss struct {
	Class   Class  `yaml:"class"`
	Message string `yaml:"message"`
}

// Action is what a step or a guard does.
type Action string

// The actions. DoWait has only something to expect.
const (
	DoTap   Action = "tap"
	DoType  Action = "type"
	DoSwipe Action = "swipe"
	DoBack  Action = "back"
	DoWait  Action = "wait"
	DoRead  Action = "read"
)

// Effect is what a step leaves behind. Only EffectIrreversible changes how it
// is run; the others tell the reader.
type Effect string

// The effects; "" is EffectNone.
const (
	EffectNone         Effect = "none"
	EffectLocal        Effect = "local"
	EffectIrreversible Effect = "irreversible"
)

// Direction is where a finger moves: up shows what is further down.
type Direction string

// The directions.
const (
	MoveUp    Direction = "up"
	MoveDown  Direction = "down"
	MoveLeft  Direction = "left"
	MoveRight Direction = "right"
)

// Class is the word for a fault.Class that a screen can stand for.
type Class string

// Fault is the class c stands for; fault.Unclassified for any other word.
func (c Class) Fault() fault.Class {
	for _, f := range []fault.Class{fault.Account, fault.Content, fault.Infra} {
		if string(c) == f.String() {
			return f
		}
	}
	return fault.Unclassified
}
