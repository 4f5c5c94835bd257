package claude

import (
	"errors"
	"fmt"
)

// What can go wrong, to be asked with errors.Is. Each error's text says the mend
// where a person has to do something.
//
// Of class fault.Human are those that only a person can end: ErrKey, ErrModel
// and ErrCredit, and a budget whose file is damaged. All others are fault.Infra,
// a spent budget (budget.ErrSpent) too: another job may have one left.
var (
	// ErrKey is a key that is missing or refused.
	ErrKey = errors.New("claude: no valid API key")
	// ErrModel is a model that the service does not have for this key.
	ErrModel = errors.New("claude: no such model")
	// ErrCredit is an account without credit, or at its own spending limit.
	ErrCredit = errors.New("claude: no credit")
	// ErrUnavailable is a service that did not answer in time, or was overloaded,
	// after all retries.
	ErrUnavailable = errors.New("claude: unavailable")
	// ErrRefused is a request that the service calls wrong: a mistake of ours.
	ErrRefused = errors.New("claude: request refused")
	// ErrNoAnswer is an answer that is none: see NoAnswerError.
	ErrNoAnswer = errors.New("claude: no answer")
)

// Why says what was wrong with an answer.
type Why string

// What can be wrong with an answer.
const (
	Prose         Why = "prose instead of a tool"
	Refusal       Why = "the model refused"
	CutOff        Why = "the answer was cut off"
	Stopped       Why = "the model stopped before it answered"
	UnknownTool   Why = "a tool that does not exist"
	TwoTools      Why = "two tools at once"
	Malformed     Why = "arguments that the tool does not have"
	Nothing       Why = "no element was pointed out"
	UnknownName   Why = "an element that was not asked for"
	UnknownNumber Why = "a number that is not on the screen"
	TwiceNamed    Why = "an element that was pointed out twice"
	TwiceNumbered Why = "one number for two elements"
)

// NoAnswerError is an answer of the model that nothing can be done with. What the
// model wrote is not in it.
type NoAnswerError struct{ Why Why }

// Error implements error.
func (e *NoAnswerError) Error() string { return fmt.Sprintf("%v: %s", ErrNoAnswer, e.Why) }

// Unwrap returns ErrNoAnswer.
func (*NoAnswerError) Unwrap() error { return ErrNoAnswer }

// again reports whether the model may do better when it is asked once more.
func (e *NoAnswerError) again() bool { return e.Why != Refusal }
