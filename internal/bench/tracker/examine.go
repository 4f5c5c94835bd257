package main

import (
	"cmp"
	"slices"
	"time"
)

// findings count what was wrong with the claims of a round.
type findings struct {
	// claims is how many were looked at.
	claims int
	// doubled are rows that two processes held at one time for certain.
	doubled int
	// reissued are claims with the token of another on the same row.
	reissued int
	// lost are claims whose end was refused, though their process lived.
	lost int
}

func (f findings) plus(g findings) findings {
	f.claims += g.claims
	f.doubled += g.doubled
	f.reissued += g.reissued
	f.lost += g.lost
	return f
}

// examine holds all claims of one round against each other. A process holds a
// row for certain from the return of its claim to the call that ends it; two
// such times on one row must not overlap.
func examine(all []hold) findings {
	f := findings{claims: len(all)}
	slices.SortFunc(all, func(a, b hold) int {
		return cmp.Or(cmp.Compare(a.Job, b.Job), cmp.Compare(a.Claimed, b.Claimed))
	})
	type claim struct {
		job   int
		token string
	}
	seen := make(map[claim]bool, len(all))
	var until time.Duration // the row is held by those before
	for i, h := range all {
		if i == 0 || all[i-1].Job != h.Job {
			until = -1
		}
		if h.Claimed < until {
			f.doubled++
		}
		until = max(until, h.Ending)
		if key := (claim{h.Job, h.Token}); seen[key] {
			f.reissued++
		} else {
			seen[key] = true
		}
		if h.Lost {
			f.lost++
		}
	}
	return f
}
