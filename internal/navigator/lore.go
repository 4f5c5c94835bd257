package navigator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/logging"
	"postfleet/internal/recipe"
	"postfleet/internal/screen"
)

// lore is what a walk knows of screens beyond the recipe. A nil lore knows and
// learns nothing.
type lore struct {
	help    Help
	recipe  *recipe.Recipe
	private []string
	logger  *slog.Logger

	version  string
	versions bool // version was asked for
	sights   []*sight
	// here is the screen of the last dump, nil when it cannot be told from
	// others; last is its fingerprint, since when it has been the same, repeated
	// whether two dumps in a row were of it.
	here     *sight
	last     screen.Print
	since    time.Time
	repeated bool
	// step counts the steps; acted is what the step under way acted on, answered
	// whether a screen was seen since.
	step     int
	acted    *clue
	actedOn  *screen.Node
	answered bool
	// actedAt is where the step under way acted, whoever found what it acted on.
	actedAt *sight
	// asks and dismissals bound the walk, stepAsks the step.
	asks, stepAsks, stepWaits, dismissals, mistakes int
	// trouble is why memory or model did not help.
	trouble error
}

// sight is one screen.
type sight struct {
	place learned.Place
	clues map[string]*clue
	// looked are the elements that memory was asked for, not the records that
	// were of no use.
	looked map[string]bool
	not    map[string][]string
	// nowhere are records that led to nothing, so far: a list may have been empty.
	nowhere map[string][]*clue
	// outline is the screen as it was when a model looked at all of it.
	outline string
	tried   []string
	// wrong are elements that were pointed out and led nowhere.
	wrong map[string]bool
	// busy: another worker is finding out about what was looked up.
	busy bool
	// rest is until when the model is left in peace, because it said to wait.
	rest  time.Time
	asked int
	lease Lease
}

// clue is how an element is found on a sight. The name "" is what closes an
// interruption.
type clue struct {
	name string
	at   *sight
	ways []learned.Identity
	// node is what a model pointed out.
	node *screen.Node
	// use is the record of memory that led here, the zero Use for a model's word.
	use learned.Use
	// used is the step that used it, 0 for none; settled: memory knows what came
	// of it.
	used    int
	settled bool
	// doubted: only the irreversible step has used it, to see that it worked. That
	// it was so is believed once another step has worked on the same screen.
	doubted bool
}

func newLore(n *Navigator, slots map[string]string) *lore {
	if n.help.Memory == nil && n.help.Model == nil {
		return nil
	}
	return &lore{
		help: n.help, recipe: n.recipe, logger: n.logger,
		private: slices.DeleteFunc(slices.Collect(maps.Values(slots)), func(v string) bool { return v == "" }),
	}
}

// meet takes note of a dump.
func (l *lore) meet(ctx context.Context, t *screen.Tree) {
	if l == nil {
		return
	}
	print, ok := t.Print(l.recipe.AppID())
	l.repeated = ok && l.here != nil && l.last.Same(print)
	if !l.repeated {
		l.since = time.Now()
	}
	l.last, l.here, l.answered = print, nil, true
	if !ok {
		return
	}
	i := slices.IndexFunc(l.sights, func(s *sight) bool { return s.place.Screen.Same(print) })
	if i >= 0 {
		l.here = l.sights[i]
		return
	}
	l.here = &sight{
		place: learned.Place{
			App: l.recipe.AppID(), Version: l.appVersion(ctx), Recipe: l.recipe.Name(), Screen: print,
		},
		clues: map[string]*clue{}, looked: map[string]bool{}, not: map[string][]string{},
		nowhere: map[string][]*clue{}, wrong: map[string]bool{},
	}
	l.sights = append(l.sights, l.here)
}

func (l *lore) appVersion(ctx context.Context) string {
	if l.help.VersionFunc == nil || l.versions {
		return l.version
	}
	l.versions = true
	version, err := l.help.VersionFunc(ctx)
	if err != nil {
		l.logger.WarnContext(ctx, "the app's version is not known", logging.Err(err))
	}
	l.version = version
	return version
}

// tell makes v know what is known of its screen.
func (l *lore) tell(v *recipe.View) {
	if l == nil || l.here == nil || !l.repeated {
		return
	}
	found := map[string][]*screen.Node{}
	for name, c := range l.here.clues {
		if nodes := c.on(v.Tree, l.recipe); name != "" && nodes != nil {
			found[name] = nodes
		}
	}
	complete := l.here.outline != "" && l.here.outline == v.Tree.Outline(l.recipe.AppID()).String()
	if len(found) > 0 || complete {
		v.Tell(found, complete)
	}
}

// on is what c leads to on t, nil for nothing.
func (c *clue) on(t *screen.Tree, r *recipe.Recipe) []*screen.Node {
	e := r.Element(c.name)
	many := e != nil && e.Many
	pointed := again(c.node, t)
	if pointed != nil && !many {
		return pointed
	}
	if nodes := find(c.ways, t, r.AppID(), many); nodes != nil {
		return nodes
	}
	return pointed
}

// begin begins a step.
func (l *lore) begin() {
	if l == nil {
		return
	}
	l.step++
	l.stepAsks, l.stepWaits, l.mistakes, l.acted, l.actedAt, l.trouble = 0, 0, 0, nil, nil, nil
	for _, s := range l.sights {
		clear(s.looked)
		s.asked, s.rest = 0, time.Time{}
	}
}

// act takes note that m is about to be acted on. Until it is known what comes
// of a model's word, nobody else needs to ask for it.
func (l *lore) act(ctx context.Context, m recipe.Match) {
	if l == nil {
		return
	}
	l.acted, l.actedAt = nil, l.here
	if !m.Told() || l.here == nil {
		return
	}
	c := l.here.clues[m.Element]
	l.acted, l.actedOn, l.answered = c, m.Node, false
	if c == nil || c.settled || c.use.Found() || c.at.lease != nil || l.help.Memory == nil {
		return
	}
	lease, err := l.leaseFor(ctx, c)
	if lease == nil {
		l.complain(ctx, "a screen was not reserved", err)
		return
	}
	lease.Seek(untilReleased)
	c.at.lease = lease
}

// wanted is how memory is asked for an element.
func (l *lore) wanted(s *sight, name string) learned.Wanted {
	w := learned.Wanted{Name: name, Not: slices.Clone(s.not[name])}
	for _, c := range s.nowhere[name] {
		w.Not = append(w.Not, c.use.ID)
	}
	if e := l.recipe.Element(name); e != nil {
		w.Hash = learned.Hash(e.Words()...)
	}
	return w
}

// complain logs an error of memory: the walk goes on without it.
func (l *lore) complain(ctx context.Context, what string, err error) {
	is := func(target error) bool { return errors.Is(err, target) }
	switch {
	case err == nil:
	case is(learned.ErrRefused), is(learned.ErrReplaced), is(learned.ErrLearningOff):
		l.logger.DebugContext(ctx, "memory did not take it", slog.String(keyWhat, what), logging.Err(err))
	default:
		l.logger.WarnContext(ctx, "memory is in trouble", slog.String(keyWhat, what), logging.Err(err))
	}
}

const keyWhat = "what"

// helpless is err, of what was not seen, with why there was no help. What only a
// person can mend, such as a key that is refused, would keep the next attempt from
// help as well.
func (l *lore) helpless(err error) error {
	if l == nil || l.trouble == nil {
		return infra(err)
	}
	class := fault.Of(err)
	err = fmt.Errorf("%w; no help: %v", err, l.trouble) //nolint:errorlint // it is not why the wait ended
	switch {
	case class != fault.Unclassified:
		return fault.Mark(class, err)
	case fault.Is(l.trouble, fault.Human):
		return fault.Mark(fault.Human, err)
	default:
		return fault.Mark(fault.Infra, err)
	}
}
