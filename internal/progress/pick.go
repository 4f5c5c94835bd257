package progress

import (
	"slices"
	"strings"
	"time"
)

// account is what the rows of one account say about its next claim.
type account struct {
	claimed bool // a worker drives its phone
	waiting bool // a row waits for verification
	today   int  // posts made, or perhaps made, or being made today
}

// pick returns the index of the row that a worker with these terms is to claim
// next, or ErrNothingNow or ErrNothingLeft.
func pick(rows []Row, terms Terms, now time.Time) (int, error) {
	accounts := survey(rows, terms, now)
	later := false
	for i, r := range rows {
		if !terms.take(r.Account) {
			continue
		}
		a := accounts[r.Account]
		switch {
		case r.Status == StatusClaimed:
			later = true // its worker may yet put it back
		case r.Status != StatusPending:
		case !r.verify() && terms.capped(a):
			later = later || a.claimed || a.waiting
		case a.claimed, a.waiting && !r.verify(), r.NotBefore.After(now):
			later = true
		default:
			return i, nil
		}
	}
	if later {
		return 0, ErrNothingNow
	}
	return 0, ErrNothingLeft
}

func survey(rows []Row, terms Terms, now time.Time) map[string]account {
	accounts := make(map[string]account)
	today := terms.day(now)
	for _, r := range rows {
		a := accounts[r.Account]
		switch {
		case r.Status == StatusClaimed:
			a.claimed = true
			a.today++
		case r.verify():
			a.waiting = true
			a.today++
		case r.mayHavePosted() && terms.day(r.Time) == today:
			a.today++
		}
		accounts[r.Account] = a
	}
	return accounts
}

// mayHavePosted reports whether an ended row is to be counted as a post.
func (r *Row) mayHavePosted() bool {
	return r.Status == StatusSuccess || r.Status == StatusFail && strings.HasPrefix(r.Error, UnknownPrefix)
}

// take reports whether the device takes the account.
func (t Terms) take(account string) bool {
	if len(t.Only) > 0 {
		return slices.Contains(t.Only, account)
	}
	return !slices.Contains(t.Reserved, account)
}

func (t Terms) capped(a account) bool { return t.DailyCap > 0 && a.today >= t.DailyCap }

func (t Terms) day(at time.Time) string {
	if t.Location == nil {
		return at.UTC().Format(time.DateOnly)
	}
	return at.In(t.Location).Format(time.DateOnly)
}
