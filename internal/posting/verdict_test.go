package posting

import (
	"strings"
	"testing"

	"postfleet/internal/recipe"
)

// profileOf makes a reading from the captions shown, newest first, as
// "count: a b c", with a ? before it where it is hearsay and a * before those
// that are pinned.
func profileOf(t *testing.T, text string) reading {
	t.Helper()
	text, hearsay := strings.CutPrefix(text, "?")
	head, shown, _ := strings.Cut(text, ":")
	values := recipe.Values{recipe.ValuePostCount: {head}}
	for caption := range strings.FieldsSeq(shown) {
		caption, pinned := strings.CutPrefix(caption, "*")
		values[recipe.ValueCaptions] = append(values[recipe.ValueCaptions], caption)
		if pinned {
			values[recipe.ValuePinned] = append(values[recipe.ValuePinned], "Pinned")
		}
	}
	r, err := newReading(values)
	if err != nil {
		t.Fatalf("profile %q: %v", text, err)
	}
	r.Hearsay = hearsay
	return r
}

// TestJudge is the table in judge's comment, row by row. The caption is x.
func TestJudge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, before, now string
		want              Verdict
	}{
		{"the first post", "0:", "1: x", VerdictPosted},
		{"one more, ours", "3: a b c", "4: x a b c", VerdictPosted},
		{"one more, ours, an older one of the same words", "3: x b c", "4: x x b c", VerdictPosted},
		{"two more, ours the newer", "3: a b c", "5: x y a b c", VerdictPosted},
		{"two more, ours the older", "3: a b c", "5: y x a b c", VerdictPosted},
		{"one more, ours, though an old one was deleted", "3: a b c", "4: x y a b", VerdictPosted},
		{"ours, on a long profile", "100: a b c d e f g h i", "101: x a b c d e f g h", VerdictPosted},
		{"one more, another", "3: a b c", "4: y a b c", VerdictUnknown},
		{"one more, another, ours older", "3: x b c", "4: y x b c", VerdictUnknown},
		{"more than are shown, ours not among them", "3: a b c", "20: d e f g h i j k l", VerdictUnknown},
		{"grown, nothing shown yet", "3: a b c", "4:", VerdictUnknown},
		{"as before", "3: a b c", "3: a b c", VerdictAbsent},
		{"as before, with an older one of the same words", "3: x b c", "3: x b c", VerdictAbsent},
		{"as before, empty", "0:", "0:", VerdictAbsent},
		{"as many, but ours is there and another is gone", "3: a b c", "3: x a b", VerdictUnknown},
		{"as many, nothing shown yet", "3: a b c", "3:", VerdictUnknown},
		{"fewer", "3: a b c", "2: b c", VerdictUnknown},
		{"fewer, with ours", "3: a b c", "2: x c", VerdictUnknown},
		{"before not known, all shown, not there", "", "2: a b", VerdictAbsent},
		{"before not known, empty", "", "0:", VerdictAbsent},
		{"before not known, there", "", "2: x b", VerdictUnknown},
		{"before not known, not all shown", "", "20: a b c", VerdictUnknown},
		{"one more, ours, below a pinned one", "3: *c a b", "4: *c x a b", VerdictPosted},
		{"one more, ours, below a pinned one of the same words", "3: *x a b", "4: *x x a b", VerdictPosted},
		{"one more, another, below a pinned one of the same words", "3: *x a b", "4: *x y a b", VerdictUnknown},
		{"two more, ours the older, below two pinned ones", "3: *b *c a", "5: *b *c y x a", VerdictPosted},
		{"one more, ours, and one was pinned meanwhile", "3: a b c", "4: *c x a b", VerdictPosted},
		{"as before, with a pinned one", "3: *c a b", "3: *c a b", VerdictAbsent},
		{"as before, but one was pinned", "3: a b c", "3: *c a b", VerdictUnknown},
		{"before not known, all shown, one pinned, not there", "", "2: *a b", VerdictAbsent},
		{"before not known, ours there and pinned", "", "2: *x b", VerdictUnknown},
		{"hearsay, one more, ours was there and pinned", "?3: *x b c", "?4: x b c", VerdictUnknown},
		{"hearsay, one more, ours", "?3: a b c", "?4: x a b c", VerdictPosted},
		{"hearsay now, one more, ours", "3: a b c", "?4: x a b c", VerdictPosted},
		{"hearsay, one more, ours was there", "?3: x b c", "?4: x b c", VerdictUnknown},
		{"hearsay before, one more, ours was there", "?3: x b c", "4: x b c", VerdictUnknown},
		{"hearsay, ours was there and is there twice", "?3: x b c", "?4: x x b c", VerdictPosted},
		{"hearsay, as before", "?3: a b c", "?3: a b c", VerdictUnknown},
		{"hearsay before, as before", "?3: a b c", "3: a b c", VerdictUnknown},
		{"hearsay now, as before", "3: a b c", "?3: a b c", VerdictUnknown},
		{"hearsay, before not known, all shown, not there", "", "?2: a b", VerdictUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var before *reading
			if tt.before != "" {
				b := profileOf(t, tt.before)
				before = &b
			}
			got, why := judge(before, profileOf(t, tt.now), "x")
			if got != tt.want || why == "" {
				t.Errorf("got %s (%s), want %s", got, why, tt.want)
			}
		})
	}
}

func TestSameCaption(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want bool
	}{
		{"Caf\u00e9", "Cafe\u0301", true},
		{"a\nb", "a\nb", true},
		{"a", "A", false},
		{"a", "a ", false},
		{"\u200fשלום", "שלום", false},
		{"ﬁ", "fi", false},
	}
	for _, tt := range tests {
		if got := sameCaption(tt.a, tt.b); got != tt.want {
			t.Errorf("sameCaption(%q, %q): got %t, want %t", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestParseCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"0": 0, "7": 7, " 42 ": 42, "1234": 1234, "1,234": 1234, "1.234": 1234, "1 234 567": 1234567,
		"12\u202f345": 12345, "1’234": 1234,
		"": -1, "12.3K": -1, "1.2": -1, "1,23": -1, "1234,567": -1, "posts": -1, "-1": -1, "+1": -1, "12 mil": -1,
		"99999999999": -1,
	} {
		got, err := parseCount(text)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("parseCount(%q): got %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestNewReading(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]map[string][]string{
		"no count":               {"captions": {"a"}},
		"not a number":           {"post_count": {"many"}},
		"more shown than told":   {"post_count": {"1"}, "captions": {"a", "b"}},
		"more pinned than shown": {"post_count": {"3"}, "captions": {"a"}, "pinned": {"Pinned", "Pinned"}},
	} {
		if got, err := newReading(values); err == nil {
			t.Errorf("%s: got %v, want an error", name, got)
		}
	}
}
