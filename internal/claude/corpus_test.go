package claude_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

// Every screen of the corpus arrives as its outline is, line by line, whatever
// the people who wrote on it had in mind; and a question is short.
func TestScreensArrive(t *testing.T) {
	t.Parallel()
	const longestPrompt = 3500
	w := newWorld(t, roomy())
	for n, s := range screentest.Screens() {
		languages := screentest.Languages()
		moment := screentest.Moment{Language: languages[n%len(languages)], Seed: uint64(n)}
		tree, err := screen.Parse(s.Source(moment))
		if err != nil {
			t.Fatal(err)
		}
		q := question()
		q.Outline = tree.Outline(screentest.App)
		answer, err := w.client.Ask(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		var got []string
		for _, l := range w.sim.Requests()[0].Prompt.Lines {
			got = append(got, l.Text)
		}
		w.sim.Forget()
		if diff := cmp.Diff(numbered(q.Outline), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.Name, diff)
		}
		if tokens := answer.Usage.Tokens.Sum(); tokens > longestPrompt {
			t.Errorf("%s: got %d tokens", s.Name, tokens)
		}
	}
}

func numbered(o screen.Outline) []string {
	var lines []string
	for _, l := range o.Lines {
		if l.Number > 0 {
			lines = append(lines, l.Text)
		}
	}
	return lines
}
