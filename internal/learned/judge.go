package learned

import (
	"slices"
	"time"

	"postfleet/internal/screen"
)

// Place is where something is looked for.
type Place struct {
	// App and Version are the app's package and version, Recipe the recipe's name.
	App, Version, Recipe string
	// Screen is the fingerprint of the screen.
	Screen screen.Print
}

// Wanted is what is looked for.
type Wanted struct {
	// Name and Hash are an element's name and the hash of the recipe's words for
	// it. Without a name it is what closes an interruption.
	Name, Hash string
	// Not are the IDs of records that are of no use this time.
	Not []string
}

// Use is a record in somebody's hands. The zero Use is none.
type Use struct {
	// ID is the record's.
	ID string
	// Find are the ways to the element, the best first. Nobody changes them.
	Find []Identity
	// State is what is thought of the record, of which the user may be the one who
	// tries it for all.
	State State
	// VersionNew is a record that was not used with this version of the app yet.
	VersionNew bool

	version string
}

// Found reports whether there is a record.
func (u Use) Found() bool { return u.ID != "" }

// what is what may be done about a place.
type what int

const (
	toUse   what = iota + 1 // use the record
	toTry                   // use it once the ticket is there
	toLearn                 // find out once the lease is there
	toWait                  // wait for somebody else
)

// judgement is what may be done, of which record if it is one, and why nothing
// can be used at once.
type judgement struct {
	what   what
	record *Record
	miss   Reason
}

// asker is a worker that asks now, and since when it has been asking.
type asker struct {
	worker     string
	since, now time.Time
}

// judge decides what a worker may do, given the records of the key.
func (c *contents) judge(records []*Record, at Place, w Wanted, by asker) judgement {
	r, miss := pick(records, at, w)
	if r != nil {
		switch {
		case r.proved(at.Version, by) && (r.State == StateTrusted || r.By.Worker == by.worker):
			return judgement{what: toUse, record: r}
		case r.Canary == nil || r.Canary.Worker == by.worker || !lasts(r.Canary.Until, by.now):
			return judgement{what: toTry, record: r, miss: BeingLearned}
		default:
			return judgement{what: toWait, miss: BeingLearned}
		}
	}
	// What the worker had before it died is the worker's.
	if l := c.leaseOf(at, by.now); l != nil && l.Worker != by.worker {
		return judgement{what: toWait, miss: BeingLearned}
	}
	return judgement{what: toLearn, miss: miss}
}

// proved reports whether a record has worked with that version since its asker
// began. What it did before is what the file says, and anybody may have written.
func (r *Record) proved(version string, by asker) bool {
	return slices.Contains(r.VersionsOK, version) && !r.LastOK.Before(by.since) && !r.LastOK.After(by.now)
}

// pick returns the record that is active, or nil and why there is none.
func pick(records []*Record, at Place, w Wanted) (*Record, Reason) {
	miss := NoEntry
	for _, r := range records {
		switch {
		case r.Hash != w.Hash || slices.Contains(w.Not, r.ID):
		case !same(r.Screen.Print, at.Screen):
			if miss == NoEntry {
				miss = SignsDiffer
			}
		case !r.Active():
			miss = r.miss()
		case checkWays(r.Find, nil) != nil:
			// The file may have been written by hand.
			miss = PolicyDenied
		default:
			return r, ""
		}
	}
	return nil, miss
}

func (w Wanted) key(at Place) key {
	return key{app: at.App, recipe: at.Recipe, screen: at.Screen.Key, name: w.Name, kind: w.kind()}
}

func (w Wanted) kind() Kind {
	if w.Name == "" {
		return KindInterruption
	}
	return KindElement
}

// matching returns the records of a key.
func (c *contents) matching(k key) []*Record {
	var all []*Record
	for i := range c.Records {
		if r := &c.Records[i]; r.key() == k {
			all = append(all, r)
		}
	}
	return all
}

func (r *Record) use(at Place) Use {
	return Use{
		ID: r.ID, Find: r.Find, State: r.State, VersionNew: !slices.Contains(r.VersionsOK, at.Version),
		version: at.Version,
	}
}
