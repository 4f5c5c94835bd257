package claude

import (
	"time"

	"postfleet/internal/claude/price"
	"postfleet/internal/screen"
)

// Question is what is asked about one screen. All of its words go into the
// request but those of Slots, which are kept out of it.
type Question struct {
	// Goal is what the step is for and Step its id, in the recipe's words.
	Goal, Step string
	// Wanted are the elements that the step needs. The target of an irreversible
	// step is not to be among them.
	Wanted []Named
	// Known are all elements that may be pointed out, Wanted among them, in an
	// order that does not change: the part of the prompt that is the same for
	// every question of a recipe, and is cached. None is Wanted.
	Known []Named
	// Outline is the screen.
	Outline screen.Outline
	// PNG is the screen's picture, and Tree the screen itself, which says what is
	// to be painted over. No picture is sent without both.
	PNG  []byte
	Tree *screen.Tree
	// Tried says, one sentence each, what was done on this screen to no avail.
	Tried []string
	// Slots are the job's texts by the name of their slot, such as caption and
	// account. Where one is found in a line of the outline, or another text of
	// the question, its name is sent in its place, and the picture is painted
	// over where an element of the screen holds it. An everyday word in here would
	// hide what the app calls so.
	Slots map[string]string
}

// Named is an element as a recipe has it.
type Named struct {
	Name string
	// Is says in a sentence what it is.
	Is string
}

// Answer is what the model said, checked. Exactly one of Elements, Dismiss and
// Verb is set.
type Answer struct {
	// Elements are those of Question.Wanted, and of Known, that are on the screen,
	// by name, with their numbers on the outline.
	Elements map[string]int
	// Dismiss is the number of what closes an interruption; 0 is none. It may be
	// any element of the screen: what must not be touched is the caller's to know.
	Dismiss int
	Verb    Verb
	// Reason is why the model gives up, with GiveUp; "" otherwise.
	Reason Reason
	// Usage is what the question cost, with all its tries.
	Usage Usage
}

// Verb is something to do that needs no element.
type Verb string

// The verbs.
const (
	Wait       Verb = "wait"
	Back       Verb = "back"
	ScrollUp   Verb = "scroll_up"
	ScrollDown Verb = "scroll_down"
	GiveUp     Verb = "give_up"
)

// Reason is why the model does not know what to do.
type Reason string

// The reasons.
const (
	// WrongScreen is a screen from which no listed element can be reached.
	WrongScreen Reason = "wrong_screen"
	// NeedsPerson is one that asks for what only a person may give: a login, a
	// code, consent.
	NeedsPerson Reason = "needs_person"
	// Unclear is one on which the elements cannot be told apart.
	Unclear Reason = "unclear"
)

// Usage is what requests took.
type Usage struct {
	// Calls are requests that left, retries included: not those for which there
	// was no connection.
	Calls  int
	Tokens price.Tokens
	Cost   price.Money
	// Time is from sending to answer, without the waits between tries.
	Time time.Duration
}

// Plus adds two.
func (u Usage) Plus(more Usage) Usage {
	return Usage{
		Calls: u.Calls + more.Calls, Tokens: u.Tokens.Plus(more.Tokens),
		Cost: u.Cost + more.Cost, Time: u.Time + more.Time,
	}
}
