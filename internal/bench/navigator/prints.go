package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

// languages says in which language a perturbed dump may be.
type languages int

const (
	// anyLanguage: another one than the original's, for every screen.
	anyLanguage languages = iota
	// sameLanguage: the original's.
	sameLanguage
	// byLayout: any for screens that their layout tells, the original's for those
	// that only words tell.
	byLayout
)

// printRun is what was seen of fingerprints.
type printRun struct {
	dumps  int
	agreed map[languages]int
	// laid and laidAgreed are of the dumps with anyLanguage those of screens that
	// their layout tells.
	laid, laidAgreed int
	// screens is how many different ones there are, worded how many of them only
	// words tell; twins are those whose layout another one has, too.
	screens, worded, twins int
	// pairs were held against each other, mistaken were taken for the same.
	pairs    int
	mistaken []string
}

// prints perturbs each screen of the corpus in turn: clock, counters, contents
// and lengths of lists, captions, accounts, typed text, states, keyboard, system
// windows and, as languages says, the language.
func (l *lab) prints(seed uint64) (*printRun, error) {
	r := &printRun{dumps: l.cfg.dumps, agreed: map[languages]int{}}
	screens := screentest.Screens()
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // the same in every run, on purpose
	for _, allowed := range []languages{anyLanguage, sameLanguage, byLayout} {
		for i := range l.cfg.dumps {
			if err := r.perturb(random, screens[i%len(screens)], allowed); err != nil {
				return nil, err
			}
		}
	}
	r.screens = len(screens)
	for _, s := range screens {
		if s.Words {
			r.worded++
		}
	}
	if err := r.countTwins(screens); err != nil {
		return nil, err
	}
	return r, r.compare(random, screens, l.cfg.moments)
}

func (r *printRun) perturb(random *rand.Rand, s screentest.Screen, allowed languages) error {
	was := screentest.Random(random, screentest.Languages()...)
	choice := screentest.Languages()
	if allowed == sameLanguage || allowed == byLayout && s.Words {
		choice = []string{was.Language}
	}
	a, err := printOf(s, was)
	if err != nil {
		return err
	}
	b, err := printOf(s, screentest.Random(random, choice...))
	if err != nil {
		return err
	}
	same := a.Same(b)
	if same {
		r.agreed[allowed]++
	}
	if allowed == anyLanguage && !s.Words {
		r.laid++
		if same {
			r.laidAgreed++
		}
	}
	return nil
}

// compare holds all screens against all others, in any pair of languages.
func (r *printRun) compare(random *rand.Rand, screens []screentest.Screen, moments int) error {
	type seen struct {
		name string
		screen.Print
	}
	var all []seen
	for _, s := range screens {
		for range moments {
			p, err := printOf(s, screentest.Random(random, screentest.Languages()...))
			if err != nil {
				return err
			}
			all = append(all, seen{s.Name, p})
		}
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if a.name == b.name {
				continue
			}
			r.pairs++
			if a.Same(b.Print) {
				r.mistaken = append(r.mistaken, a.name+" and "+b.name)
			}
		}
	}
	return nil
}

// countTwins counts the screens that another one equals in all but its words:
// what cannot read cannot tell those apart in two languages.
func (r *printRun) countTwins(screens []screentest.Screen) error {
	var bare []screen.Print
	for _, s := range screens {
		p, err := printOf(s, screentest.Moment{})
		if err != nil {
			return err
		}
		p.Signs = slices.DeleteFunc(p.Signs, func(sign string) bool { return strings.HasPrefix(sign, "l ") })
		bare = append(bare, p)
	}
	for i, a := range bare {
		others := slices.Concat(bare[:i], bare[i+1:])
		if slices.ContainsFunc(others, a.Same) {
			r.twins++
		}
	}
	return nil
}

func printOf(s screentest.Screen, m screentest.Moment) (screen.Print, error) {
	tree, err := screen.Parse(s.Source(m))
	if err != nil {
		return screen.Print{}, fmt.Errorf("read %s: %w", s.Name, err)
	}
	// A screen without a print is the same as none.
	p, _ := tree.Print(screentest.App)
	return p, nil
}
