// Package price knows the models that may be asked and what their tokens cost.
//
// It asks nobody: prices are those of the service's list, written down here. It
// imports nothing, so that a configuration can be checked without the client.
package price

import (
	"math"
	"strconv"
)

// Money is an amount in billionths of a US dollar: every price of a single
// token is a whole number of them.
type Money int64

// Dollar is one US dollar.
const Dollar Money = 1e9

// USD returns an amount given in dollars, rounded to a billionth.
func USD(dollars float64) Money { return Money(math.Round(dollars * float64(Dollar))) }

// USD returns the amount in dollars.
func (m Money) USD() float64 { return float64(m) / float64(Dollar) }

// String returns the amount in dollars, as "$0.0125".
func (m Money) String() string { return "$" + strconv.FormatFloat(m.USD(), 'f', -1, 64) }

// Tokens are those of one or more answers. Input are the prompt's that were
// neither written to the cache nor read from it: the prompt is all three.
type Tokens struct {
	Input, CacheWrite, CacheRead, Output int64
}

// Sum is all of them.
func (t Tokens) Sum() int64 { return t.Input + t.CacheWrite + t.CacheRead + t.Output }

// Plus adds two counts.
func (t Tokens) Plus(more Tokens) Tokens {
	return Tokens{
		Input: t.Input + more.Input, CacheWrite: t.CacheWrite + more.CacheWrite,
		CacheRead: t.CacheRead + more.CacheRead, Output: t.Output + more.Output,
	}
}

// Of returns what tokens of m cost. A prompt is taken to be short of the length
// at which some models cost more: ours are far from it.
func (m Model) Of(t Tokens) Money {
	return Money(t.Input)*m.Input + Money(t.CacheWrite)*m.CacheWrite +
		Money(t.CacheRead)*m.CacheRead + Money(t.Output)*m.Output
}

// Most returns what a request costs at most: all of its prompt is written to the
// cache, and the answer is as long as it may be.
func (m Model) Most(prompt, output int64) Money {
	return Money(prompt)*max(m.Input, m.CacheWrite) + Money(output)*m.Output
}
