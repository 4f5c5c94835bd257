package main

import (
	"math"
	"slices"

	"postfleet/internal/evidence"
)

// The sentences that the targets come from (the issue of finding the way).
const (
	srcAlone   = "recipe fails cleanly with artifacts and posts nothing"
	srcBoth    = "recipe+claude posts all"
	srcWarm    = "warm: 0 model calls in 100 of 100 posts, counted at the HTTP stub"
	srcKnown   = "original skin: 0 from the first"
	srcFleet   = "20 workers meeting one changed screen: one learning decision per screen, all posts made"
	srcCold    = "Cold post after a change ≤ 12 calls"
	srcOutline = "prompt tree ≤ 1,200 tokens at p95 and ≥ 8 × smaller than the source, with the target still in it " +
		"for every step of every skin (200 generated screens)"
	srcPrints = "≥ 99 % agreement over 1,000 perturbed dumps of the same screens (clock, counters, list contents, " +
		"captions, language), 0 false hits over all pairs of ≥ 50 different screens"
)

func exactly(name string, value int, source string) evidence.Target {
	return evidence.Target{Name: name, Op: evidence.Exactly, Value: float64(value), Source: source}
}

func atMost(name string, value float64, source string) evidence.Target {
	return evidence.Target{Name: name, Op: evidence.AtMost, Value: value, Source: source}
}

func atLeast(name string, value float64, source string) evidence.Target {
	return evidence.Target{Name: name, Op: evidence.AtLeast, Value: value, Source: source}
}

// quantile is the value that a share of all is at most; NaN of none.
func quantile(values []float64, share float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	at := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[min(max(at, 0), len(sorted)-1)]
}

func median(values []float64) float64 { return quantile(values, 0.5) }

// count is how many of the list are so.
func count[T any](list []T, so func(T) bool) float64 {
	n := 0
	for _, e := range list {
		if so(e) {
			n++
		}
	}
	return float64(n)
}
