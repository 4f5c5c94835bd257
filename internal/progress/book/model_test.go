package book_test

import (
	"slices"
	"time"

	"postfleet/internal/progress"
)

// model is the claim rule as it is said: it looks at every row, each time. A
// book is held to it.
type model []progress.Row

// survey is what the rows of one account say about its next claim.
type survey struct {
	claimed bool // a worker drives its phone
	waiting bool // a row waits for verification
	today   int  // posts made, or perhaps made, or being made today
}

func (m model) pick(terms progress.Terms, now time.Time) (int, error) {
	accounts := m.survey(terms, now)
	later := false
	for i, r := range m {
		if !takes(terms, r.Account) {
			continue
		}
		a := accounts[r.Account]
		switch {
		case r.Status == progress.StatusClaimed:
			later = true // its worker may yet put it back
		case r.Status != progress.StatusPending:
		case !r.Verify() && terms.DailyCap > 0 && a.today >= terms.DailyCap:
			later = later || a.claimed || a.waiting
		case a.claimed, a.waiting && !r.Verify(), r.NotBefore.After(now):
			later = true
		default:
			return i + 1, nil
		}
	}
	if later {
		return 0, progress.ErrNothingNow
	}
	return 0, progress.ErrNothingLeft
}

func (m model) survey(terms progress.Terms, now time.Time) map[string]survey {
	accounts := make(map[string]survey)
	today := dayOf(terms, now)
	for _, r := range m {
		a := accounts[r.Account]
		switch {
		case r.Status == progress.StatusClaimed:
			a.claimed = true
			a.today++
		case r.Verify():
			a.waiting = true
			a.today++
		case r.Counts() && dayOf(terms, r.Time) == today:
			a.today++
		}
		accounts[r.Account] = a
	}
	return accounts
}

func takes(terms progress.Terms, account string) bool {
	if len(terms.Only) > 0 {
		return slices.Contains(terms.Only, account)
	}
	return !slices.Contains(terms.Reserved, account)
}

func dayOf(terms progress.Terms, at time.Time) string {
	if terms.Location == nil {
		return at.UTC().Format(time.DateOnly)
	}
	return at.In(terms.Location).Format(time.DateOnly)
}

// claimed and pending are what the views are to yield.
func (m model) claimed() []progress.Row {
	return m.where(func(r *progress.Row) bool { return r.Status == progress.StatusClaimed })
}

func (m model) pending(account string) []progress.Row {
	return m.where(func(r *progress.Row) bool {
		return r.Status == progress.StatusPending && r.Account == account
	})
}

func (m model) where(is func(*progress.Row) bool) []progress.Row {
	var found []progress.Row
	for i := range m {
		if is(&m[i]) {
			found = append(found, m[i])
		}
	}
	return found
}
