package navigator

import (
	"context"
	"time"

	"postfleet/internal/learned"
	"postfleet/internal/screen"
)

// Help is what a walk has besides the recipe, for screens that the recipe does
// not know. The zero Help is none: the recipe alone decides.
type Help struct {
	// Memory is what all workers have learned; nil is nothing.
	Memory Memory
	// Model finds elements on screens that nobody knows; nil asks nobody.
	Model Model
	// IgnoreSelectors takes no account of the recipe's own selectors, but for
	// guards, failures and the irreversible step: others find all elements.
	IgnoreSelectors bool
	// VersionFunc returns the version of the app on the phone. It is asked once a
	// walk, when it is first needed; nil is "".
	VersionFunc func(ctx context.Context) (string, error)
	// PictureFunc returns the screen as PNG for the model; nil sends none.
	PictureFunc func(ctx context.Context) ([]byte, error)
}

// Memory keeps how elements were found on screens. learned.Book documents the
// calls; Learned makes one of it. Safe for concurrent use.
type Memory interface {
	Lookup(ctx context.Context, at learned.Place, w learned.Wanted) (learned.Use, learned.Reason, error)
	Await(ctx context.Context, at learned.Place, w learned.Wanted) (learned.Use, Lease, error)
	Succeed(ctx context.Context, u learned.Use) error
	Fail(ctx context.Context, u learned.Use, why learned.Reason) error
	Return(ctx context.Context, u learned.Use) error
}

// Lease is the right to find out about a screen, see learned.Lease.
type Lease interface {
	Seek(names ...string)
	Confirm(ctx context.Context, f learned.Finding) error
	Forgo(ctx context.Context, names ...string) error
	Release(ctx context.Context) error
}

// Learned is the memory that book keeps.
func Learned(book *learned.Book) Memory { return bookMemory{book} }

type bookMemory struct{ *learned.Book }

// Await implements Memory: a nil *learned.Lease is no Lease.
func (b bookMemory) Await(ctx context.Context, at learned.Place, w learned.Wanted) (learned.Use, Lease, error) {
	use, lease, err := b.Book.Await(ctx, at, w)
	if lease == nil {
		return use, nil, err
	}
	return use, lease, err
}

// Model says where elements are on a screen. It chooses among what it is given
// and does not act: what it says is checked before it is followed.
type Model interface {
	// Ask blocks until there is an answer, the model's own patience or ctx ends.
	Ask(ctx context.Context, q Question) (Answer, error)
	// Model is the model's name, kept beside what was learned from it.
	Model() string
}

// Question is what is asked about one screen.
type Question struct {
	// Goal is what the step is for, Step its id, in the recipe's words.
	Goal, Step string
	// Wanted are the elements that the step needs, Known all that may be pointed
	// out, always in the same order.
	Wanted, Known []Named
	Tree          *screen.Tree
	Outline       screen.Outline
	// PNG is the screen's picture, nil for none.
	PNG []byte
	// Tried says, one sentence each, what was done on this screen to no avail.
	Tried []string
	// Slots are the job's values, which are to be kept out of the request.
	Slots map[string]string
}

// Named is an element of the recipe and its sentence.
type Named struct{ Name, Is string }

// Answer is what a model says: exactly one of Elements, Dismiss and Verb.
type Answer struct {
	// Elements are numbers on the outline, by element.
	Elements map[string]int
	// Dismiss is the number of what closes an interruption.
	Dismiss int
	Verb    Verb
	// Reason is why it gives up.
	Reason string
}

// Verb is something to do that needs no element.
type Verb string

// The verbs.
const (
	VerbWait       Verb = "wait"
	VerbBack       Verb = "back"
	VerbScrollUp   Verb = "scroll_up"
	VerbScrollDown Verb = "scroll_down"
	VerbGiveUp     Verb = "give_up"
)

// How much help a walk takes.
const (
	// maxAsks and maxStepAsks bound the questions of a walk and of a step.
	maxAsks, maxStepAsks = 12, 3
	// maxStepWaits bounds the looks for what another worker is finding out.
	maxStepWaits = 300
	// maxDismissals bounds what is closed, and gone back from, because the model
	// says so.
	maxDismissals = 4
	// helpTimeout bounds one wait for memory or model, on top of a step's time.
	helpTimeout = 3 * time.Minute
	// calm is for how long a screen stays the same before the model is asked.
	calm = time.Second
	// settleTimeout bounds what is said to memory when a step has ended.
	settleTimeout = 10 * time.Second
)
