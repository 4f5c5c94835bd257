package learned

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what a record leads to.
type Kind string

// The kinds.
const (
	// KindElement is an element that the recipe names.
	KindElement Kind = "element"
	// KindInterruption is what closes a screen that does not belong to the flow.
	KindInterruption Kind = "interruption"
)

// State is what is thought of a record.
type State string

// The states; see the package comment.
const (
	StateCandidate   State = "candidate"
	StateTrusted     State = "trusted"
	StateQuarantined State = "quarantined"
	StateRetired     State = "retired"
)

// Record is one thing that was learned.
type Record struct {
	// ID names what was learned: what is learned anew has another.
	ID string `yaml:"id"`
	// Revision grows with each change to the record; no two changes of one file
	// have the same.
	Revision int64 `yaml:"revision"`
	State    State `yaml:"state"`
	// Reason is why it was taken out.
	Reason Reason `yaml:"reason,omitempty"`

	App    string `yaml:"app"`
	Recipe string `yaml:"recipe"`
	Kind   Kind   `yaml:"kind"`
	// Name is the element's; an interruption has none.
	Name string `yaml:"name,omitempty"`
	// Hash is that of the recipe's words for the element: with others, the record
	// is dead.
	Hash   string `yaml:"hash,omitempty"`
	Screen Print  `yaml:"screen"`
	// Find are the ways to the element, the best first.
	Find []Identity `yaml:"find"`

	// Version is the app's when this was learned; VersionsOK those with which it
	// was used with success, the last ones.
	Version    string   `yaml:"version"`
	VersionsOK []string `yaml:"versions_ok,flow"`
	Successes  int      `yaml:"successes"`
	Failures   int      `yaml:"failures"`
	// InARow is how many failures there were since the last success.
	InARow int `yaml:"failures_in_a_row,omitempty"`
	// Workers are the first ones that used it with success.
	Workers   []string  `yaml:"workers,flow"`
	LearnedAt time.Time `yaml:"learned_at"`
	// LastOK is late by at most a flush, see Book.Succeed.
	LastOK     time.Time `yaml:"last_ok"`
	LastFailed time.Time `yaml:"last_failed,omitempty"`
	// Canary is who tries the record just now.
	Canary *Ticket    `yaml:"canary,omitempty"`
	By     Provenance `yaml:"by"`
}

// Provenance is where a finding comes from.
type Provenance struct {
	Model  string `yaml:"model"`
	Prompt string `yaml:"prompt_version"`
	Worker string `yaml:"worker"`
	Run    string `yaml:"run,omitempty"`
}

// Ticket is a worker's right for a time.
type Ticket struct {
	Worker string    `yaml:"worker"`
	Until  time.Time `yaml:"until"`
}

// Hash is the hash of the recipe's words for an element, in their order.
func Hash(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		_, _ = h.Write([]byte(strconv.Itoa(len(w)) + ":" + w)) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:hashBytes])
}

const (
	hashBytes = 8
	idLength  = 8
)

func newID() string { return strings.ToLower(rand.Text()[:idLength]) }

// Active reports whether the record may be used.
func (r *Record) Active() bool { return r.State == StateCandidate || r.State == StateTrusted }

// LastUsed is when the record was last of any use, or harm.
func (r *Record) LastUsed() time.Time {
	return slices.MaxFunc([]time.Time{r.LearnedAt, r.LastOK, r.LastFailed}, time.Time.Compare)
}

// key finds records; two of one key may still be of different screens.
type key struct {
	app, recipe, screen, name string
	kind                      Kind
}

func (r *Record) key() key {
	return key{app: r.App, recipe: r.Recipe, screen: r.Screen.Key, name: r.Name, kind: r.Kind}
}

// rivals reports whether two records are about the same element on the same
// screen, so that one of them is too many.
func (r *Record) rivals(o *Record) bool {
	return r.key() == o.key() && same(r.Screen.Print, o.Screen.Print)
}

// miss is why a record that is not active is not used.
func (r *Record) miss() Reason {
	if r.State == StateQuarantined && r.Reason == ExpectFailed {
		return Quarantined
	}
	return r.Reason
}
