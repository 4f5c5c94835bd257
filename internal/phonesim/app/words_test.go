package app

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A phrase has a line in each language, and each way of saying it takes the
// same arguments. What the app says it can say in more than one way.
func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	verb := regexp.MustCompile(`%[a-z]`)
	section, seen := "", map[string]bool{}
	for paragraph := range strings.SplitSeq(wordsText, "\n\n") {
		if strings.HasPrefix(paragraph, "#") {
			section = paragraph
			continue
		}
		lines := strings.Split(strings.TrimSpace(paragraph), "\n")
		phrase, _, _ := strings.Cut(lines[0], "|")
		if seen[phrase] {
			t.Errorf("%q is there twice", phrase)
		}
		seen[phrase] = true
		if len(lines) != len(Languages()) {
			t.Errorf("%q: got %d languages, want %d", phrase, len(lines), len(Languages()))
		}
		for _, line := range lines {
			ways := strings.Split(line, "|")
			if len(ways) < 2 != strings.HasPrefix(section, "# The phone around") {
				t.Errorf("%q: got %d ways to say it", line, len(ways))
			}
			if sorted := slices.Sorted(slices.Values(ways)); len(slices.Compact(sorted)) != len(ways) {
				t.Errorf("%q says the same twice", line)
			}
			for _, way := range ways {
				got, want := verb.FindAllString(way, -1), verb.FindAllString(phrase, -1)
				if strings.TrimSpace(way) != way || way == "" || !slices.Equal(got, want) {
					t.Errorf("%q: got %q with arguments %q, want %q", phrase, way, got, want)
				}
			}
		}
	}
}
