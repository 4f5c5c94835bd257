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
	signMark  = "m" // a window, a scrim, the tab that is open
)

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
// A screen with five or more named elements of the app's own, list items apart,
// is told by its layout: it is the same in every language. A smaller one (most
// dialogs) and any dialog window is told by its words as well, for all dialogs
// of an app are built alike: it is the same only in one language, and where its
// title and buttons name somebody, only for them. Callers need not tell one
// from the other.
//
// ok is false, and nothing may be remembered of the screen, when neither layout
// nor words tell it from others: a camera, a game, a web page that is still
// empty, or no window of the app at all.
func (t *Tree) Print(app string) (p Print, ok bool) {
	f := t.front(app)
	s := f.survey()
	key := []string{printVersion, app}
	if s.worded() {
		if len(s.words) < 2 {
			return Print{}, false
		}
		key = append(key, slices.Sorted(maps.Keys(s.words))...)
	}
	key = append(key, slices.Sorted(maps.Keys(s.touch))...)
	p.Key = digest(strings.Join(key, "\n"))
	for _, set := range []map[string]bool{s.touch, s.still, s.items, s.words, s.marks} {
		p.Signs = slices.AppendSeq(p.Signs, maps.Keys(set))
	}
	slices.Sort(p.Signs)
	return p, true
}

// digest is short enough to read and long enough for the screens of one app.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
