package budget

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"postfleet/internal/claude/price"
)

// Spent is what one or more requests took. Tokens are all of them, also those
// that were cheap because they came from the cache.
type Spent struct {
	Calls  int           `json:"calls"`
	Tokens int64         `json:"tokens"`
	Cost   price.Money   `json:"nano_usd"`
	Time   time.Duration `json:"nanoseconds"`
}

// Plus adds two.
func (s Spent) Plus(more Spent) Spent {
	return Spent{
		Calls: s.Calls + more.Calls, Tokens: s.Tokens + more.Tokens, Cost: s.Cost + more.Cost, Time: s.Time + more.Time,
	}
}

// minus never goes below nothing.
func (s Spent) minus(less Spent) Spent {
	return Spent{
		Calls: max(0, s.Calls-less.Calls), Tokens: max(0, s.Tokens-less.Tokens),
		Cost: max(0, s.Cost-less.Cost), Time: max(0, s.Time-less.Time),
	}
}

// Unlimited is the value of a Limit's field that limits nothing.
const Unlimited = -1

// Limit is what may be spent. 0 of any is nothing: not one request is sent.
type Limit Spent

// NoLimit limits nothing.
func NoLimit() Limit {
	return Limit{Calls: Unlimited, Tokens: Unlimited, Cost: Unlimited, Time: Unlimited}
}

// What a job may take beside its calls and its money: a post after a change of
// the app takes half of it.
const (
	JobTokens = 55_000
	JobTime   = 90 * time.Second
)

// ForJob is a job's limit of so many calls and so much money, and of JobTokens
// and JobTime.
func ForJob(calls int, cost price.Money) Limit {
	return Limit{Calls: calls, Tokens: JobTokens, Cost: cost, Time: JobTime}
}

// ForRun is a run's limit of so much money, however it is spent.
func ForRun(cost price.Money) Limit {
	l := NoLimit()
	l.Cost = cost
	return l
}

// ErrSpent is in the chain of every SpentError.
var ErrSpent = errors.New("budget: spent")

// SpentError is a limit that a request would exceed. Nothing was sent.
type SpentError struct {
	// Whose is "job" or "run", and What is calls, tokens, money or time.
	Whose, What string
	// Limit, Spent and Wanted are as a person reads them. Spent includes what is
	// reserved for requests under way, Wanted is what this one may take at most.
	Limit, Spent, Wanted string
}

// Error implements error.
func (e *SpentError) Error() string {
	return fmt.Sprintf("the %s's budget of %s is spent: %s of %s, and the next request may take %s",
		e.Whose, e.What, e.Spent, e.Limit, e.Wanted)
}

// Unwrap returns ErrSpent.
func (*SpentError) Unwrap() error { return ErrSpent }

// leastTime is what is no time to ask anything in.
const leastTime = time.Second

// fits returns want with its time cut to what is left, or why it does not fit.
func (l Limit) fits(whose string, spent, want Spent) (Spent, error) {
	over := func(what string, limit, spent, want fmt.Stringer) (Spent, error) {
		return Spent{}, &SpentError{
			Whose: whose, What: what, Limit: limit.String(), Spent: spent.String(), Wanted: want.String(),
		}
	}
	switch {
	case exceeds(l.Calls, spent.Calls, want.Calls):
		return over("calls", number(l.Calls), number(spent.Calls), number(want.Calls))
	case exceeds(l.Tokens, spent.Tokens, want.Tokens):
		return over("tokens", number(l.Tokens), number(spent.Tokens), number(want.Tokens))
	case exceeds(l.Cost, spent.Cost, want.Cost):
		return over("money", l.Cost, spent.Cost, want.Cost)
	case exceeds(l.Time, spent.Time, leastTime):
		return over("time", l.Time, spent.Time.Round(time.Millisecond), want.Time)
	}
	if l.Time >= 0 {
		want.Time = min(want.Time, l.Time-spent.Time)
	}
	return want, nil
}

func exceeds[T int | int64 | price.Money | time.Duration](limit, spent, want T) bool {
	return limit >= 0 && spent+want > limit
}

type number int64

func (n number) String() string { return strconv.FormatInt(int64(n), 10) }
