package screen_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

const dumps = 200

func printOf(t *testing.T, s screentest.Screen, m screentest.Moment) screen.Print {
	t.Helper()
	p, ok := parse(t, s.Source(m)).Print(screentest.App)
	if !ok {
		t.Errorf("%s at %+v: not ok, %q", s.Name, m, p.Signs)
	}
	return p
}

// TestSameScreen holds that a screen is known again at other moments: in
// every language if its layout tells it, in its own if its words do.
func TestSameScreen(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	screens := screentest.Screens()
	agreed := 0
	for i := range dumps {
		s := screens[i%len(screens)]
		languages := screentest.Languages()
		was := screentest.Random(r, languages...)
		if s.Words {
			languages = []string{was.Language}
		}
		is := screentest.Random(r, languages...)
		a, b := printOf(t, s, was), printOf(t, s, is)
		if a.Same(b) != b.Same(a) {
			t.Errorf("%s: Same is not symmetric", s.Name)
		}
		if a.Same(b) {
			agreed++
		} else {
			t.Logf("%s: not known again from %+v at %+v:\n%q\n%q", s.Name, was, is, a.Signs, b.Signs)
		}
	}
	t.Logf("%d of %d known again", agreed, dumps)
	if agreed*100 < dumps*99 {
		t.Errorf("got %d of %d, want 99 %%", agreed, dumps)
	}
}

// TestOtherScreen holds that no two screens are taken for each other, in any
// pair of languages, at any moment.
func TestOtherScreen(t *testing.T) {
	t.Parallel()
	const moments = 3
	r := rand.New(rand.NewPCG(2, 2))
	type sample struct {
		name, language string
		screen.Print
	}
	var all []sample
	for _, s := range screentest.Screens() {
		for range moments {
			m := screentest.Random(r, screentest.Languages()...)
			all = append(all, sample{s.Name, m.Language, printOf(t, s, m)})
		}
	}
	pairs := 0
	for i, a := range all {
		for _, b := range all[:i] {
			if a.name == b.name {
				continue
			}
			pairs++
			if a.Same(b.Print) {
				t.Errorf("%s (%s) is taken for %s (%s):\n%q\n%q",
					a.name, a.language, b.name, b.language, a.Signs, b.Signs)
			}
		}
	}
	t.Logf("%d pairs of %d screens", pairs, len(screentest.Screens()))
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	screens := screentest.Screens()
	if len(screens) < 60 {
		t.Errorf("got %d screens, want 60", len(screens))
	}
	var names []string
	for _, s := range screens {
		names = append(names, s.Name)
		m := screentest.Moment{Language: "ja", Seed: 7}
		if again := s.Source(m); again != s.Source(m) {
			t.Errorf("%s: differs from itself at one moment", s.Name)
		}
		if s.Source(m) == s.Source(screentest.Moment{}) {
			t.Errorf("%s: never changes", s.Name)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(screens) {
		t.Errorf("a name twice in %q", names)
	}
}
