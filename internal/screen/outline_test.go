package screen_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

// TestOutlineOfCorpus measures outlines, and holds that what somebody may look
// for is in them and nothing typed is.
func TestOutlineOfCorpus(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	var tokens []int
	outline, source, sourceTokens, sum := 0, 0, 0, 0
	worst := 1e9
	for i := range dumps {
		s := screentest.Screens()[i%len(screentest.Screens())]
		m := screentest.Random(r, screentest.Languages()...)
		raw := s.Source(m)
		tree := parse(t, raw)
		o := tree.Outline(screentest.App)
		shown := o.String()
		tokens = append(tokens, screen.Tokens(shown))
		outline, source = outline+len(shown), source+len(raw)
		sum, sourceTokens = sum+screen.Tokens(shown), sourceTokens+screen.Tokens(raw)
		worst = min(worst, float64(len(raw))/float64(len(shown)))
		checkOutline(t, s.Name, o)
		for _, target := range s.Targets(m) {
			if !targeted(o, target) {
				t.Errorf("%s: %+v is not in\n%s", s.Name, target, shown)
			}
		}
		if strings.Contains(shown, screentest.Typed) {
			t.Errorf("%s: tells what was typed:\n%s", s.Name, shown)
		}
	}
	slices.Sort(tokens)
	p95 := tokens[len(tokens)*95/100]
	t.Logf("tokens: median %d, p95 %d, most %d; smaller than the source: %.1f in bytes, %.1f in tokens, %.1f at worst",
		tokens[len(tokens)/2], p95, tokens[len(tokens)-1], float64(source)/float64(outline),
		float64(sourceTokens)/float64(sum), worst)
	if p95 > screen.MaxTokens {
		t.Errorf("p95: got %d tokens, want %d", p95, screen.MaxTokens)
	}
	if source < 8*outline || sourceTokens < 8*sum {
		t.Errorf("got %d of %d bytes, %d of %d tokens, want an eighth", outline, source, sum, sourceTokens)
	}
}

func targeted(o screen.Outline, target screentest.Target) bool {
	for _, l := range o.Lines {
		if l.Node != nil && l.Node.ID == target.ID {
			return strings.Contains(l.Text, `"`)
		}
	}
	return false
}

// checkOutline holds what is true of every outline.
func checkOutline(t *testing.T, name string, o screen.Outline) {
	t.Helper()
	if len(o.Lines) > 80 || screen.Tokens(o.String()) > screen.MaxTokens {
		t.Errorf("%s: %d lines, %d tokens", name, len(o.Lines), screen.Tokens(o.String()))
	}
	if got := strings.Count(o.String(), "\n") + 1; len(o.Lines) > 0 && got != len(o.Lines) {
		t.Errorf("%s: got %d lines, want %d:\n%s", name, got, len(o.Lines), o)
	}
	number := 0
	for _, l := range o.Lines {
		if l.Number == 0 {
			continue
		}
		if number++; l.Number != number || o.Node(number) != l.Node || l.Node == nil {
			t.Errorf("%s: line %q has number %d and node %v, want number %d", name, l.Text, l.Number, l.Node, number)
		}
	}
	if o.Node(0) != nil || o.Node(-1) != nil || o.Node(number+1) != nil {
		t.Errorf("%s: numbers that are not there have nodes", name)
	}
}
