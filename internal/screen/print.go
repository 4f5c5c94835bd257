package screen

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// printVersion is part of every key: raise it with any change to what a print
// is made of, and nothing that was remembered under the old ones is found.
const printVersion = "1"

// What a sign is about, its first letter.
const (
	signTouch = "t" // something to touch: class, id, roles
	signStill = "s" // something named that only shows
	signItem  = "i" // a part of the items of a list
	signLabel = "l" // a label of the app's own, as a hash after its script
	signMark  = "m" // a window, a scrim, the tab that is open, what tells it
)

// markWords is on prints of screens that are told by their words.
const markWords = "words"

// Print is the fingerprint of a screen: it says where one is, not what is
// there. Time, counters, contents of lists, captions, states and the order
// and size of things are not in it. It holds no text, labels only as hashes.
type Print struct {
	// Key finds: equal screens have equal keys, a few different ones, too.
	Key string `yaml:"key"`
	// Signs confirm, sorted.
	Signs []string `yaml:"signs"`
}

// Print returns the fingerprint of what the app shows.
//
// A screen with five or more named elements of the app's own to touch, list
// items apart, is told by its layout: it is the same in every language. A
// smaller one (most dialogs) and any dialog window is told by its words as
// well, for an app's dialogs are all built alike: it is the same in one language
// only. Callers need not tell one from the other: what is remembered of a small
// screen is there once for each language, under one Key.
//
// ok is false, and nothing may be remembered of the screen, when neither layout
// nor words tell it from others: a camera, a game, a web page that is still
// empty, or no window of the app at all.
func (t *Tree) Print(app string) (p Print, ok bool) {
	f := t.front(app)
	s := f.survey()
	if s.worded() && (len(s.words) == 0 || len(s.words) == 1 && !f.touchable()) {
		return Print{}, false
	}
	key := slices.Concat([]string{printVersion, app}, slices.Sorted(maps.Keys(s.touch)))
	p.Key = digest(strings.Join(key, "\n"))
	for _, signs := range []set{s.touch, s.still, s.items, s.words, s.marks} {
		p.Signs = slices.AppendSeq(p.Signs, maps.Keys(signs))
	}
	slices.Sort(p.Signs)
	return p, true
}

// digest is short enough to read and long enough for the screens of one app.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
