package posting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"postfleet/internal/recipe"
)

// Verdict is what a look at the profile says about a post.
type Verdict int

// The verdicts.
const (
	// VerdictUnknown: there is no proof either way.
	VerdictUnknown Verdict = iota
	// VerdictPosted: the post is on the profile and was not before the attempt.
	VerdictPosted
	// VerdictAbsent: the post is proved not to be on the profile.
	VerdictAbsent
)

// String returns the verdict's word in logs.
func (v Verdict) String() string {
	switch v {
	case VerdictPosted:
		return "posted"
	case VerdictAbsent:
		return "absent"
	default:
		return "unknown"
	}
}

// reading is what a profile said at one time.
type reading struct {
	// Count is how many posts there are, Captions what the newest say, newest first.
	Count    int      `json:"count"`
	Captions []string `json:"captions"`
	// Pinned are the captions of the posts that are pinned to the front. How old
	// those are is not known; they are not among Captions.
	Pinned []string `json:"pinned,omitempty"`
	// Hearsay: a memory or a model said where on the screen they are, which may
	// have been wrong.
	Hearsay bool `json:"hearsay,omitempty"`
}

func newReading(values recipe.Values) (reading, error) {
	texts := values[recipe.ValuePostCount]
	if len(texts) != 1 {
		return reading{}, fmt.Errorf("read %d post counts, want one", len(texts))
	}
	count, err := parseCount(texts[0])
	if err != nil {
		return reading{}, err
	}
	captions := values[recipe.ValueCaptions]
	if len(captions) > count {
		return reading{}, fmt.Errorf("the profile says %d posts and shows %d", count, len(captions))
	}
	pinned := len(values[recipe.ValuePinned])
	if pinned > len(captions) {
		return reading{}, fmt.Errorf("the profile shows %d posts, of which %d are pinned", len(captions), pinned)
	}
	return reading{Count: count, Captions: captions[pinned:], Pinned: captions[:pinned]}, nil
}

// parseCount reads a whole number, thousands separated as in any language
// ("1,234", "1.234", "1 234"). Rounded ones ("12.3K") are an error: they prove
// nothing.
func parseCount(text string) (int, error) {
	groups := strings.FieldsFunc(strings.TrimSpace(text), func(r rune) bool {
		return strings.ContainsRune(",.'’ \u00a0\u202f", r)
	})
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && len(g) > 3 {
			return 0, fmt.Errorf("post count %q is not an exact number", text)
		}
	}
	count, err := strconv.ParseUint(strings.Join(groups, ""), 10, 31)
	if err != nil {
		return 0, fmt.Errorf("post count %q is not an exact number", text)
	}
	return int(count), nil
}

func (r reading) equal(o reading) bool {
	return r.Count == o.Count && slices.EqualFunc(r.Captions, o.Captions, sameCaption) &&
		slices.EqualFunc(r.Pinned, o.Pinned, sameCaption)
}

// newest reports whether caption is among the n newest posts that are shown.
func (r reading) newest(n int, caption string) bool {
	return slices.ContainsFunc(r.Captions[:min(n, len(r.Captions))], func(c string) bool {
		return sameCaption(c, caption)
	})
}

// times is how often caption is shown, pinned or not.
func (r reading) times(caption string) (n int) {
	for _, c := range slices.Concat(r.Pinned, r.Captions) {
		if sameCaption(c, caption) {
			n++
		}
	}
	return n
}

// sameCaption compares exactly, but for how accents are composed: the app may
// store another form than the spreadsheet has.
func sameCaption(a, b string) bool { return norm.NFC.String(a) == norm.NFC.String(b) }

// judge says what the profile as it is now tells about a post with that
// caption, given how the profile was before the attempt (nil: not known).
//
//	before   count    newest captions                      verdict
//	known    grown    the caption among those grown by     posted
//	known    grown    the caption not among them           unknown
//	known    same     the same as before                   absent
//	known    same     others than before                   unknown
//	known    shrunk   any                                  unknown
//	unknown  any      all shown, the caption not there     absent
//	unknown  any      the caption there                    unknown (it may be an older post)
//	unknown  any      not all shown, the caption not there unknown
//
// The newest captions are those of posts that are not pinned: a pinned one is
// shown before them, however old it is.
//
// However many posts were deleted meanwhile, the newest that the count has
// grown by were not there before, so the caption among them is proof. Absence
// counts only when a second, later reading is equal: see settle.
//
// A reading from hearsay may have counted something else, or shown another list.
// It never proves absence; and that a caption is there proves a post only when
// it is there more often than before.
func judge(before *reading, now reading, caption string) (Verdict, string) {
	verdict, why := compare(before, now, caption)
	if !now.Hearsay && (before == nil || !before.Hearsay) {
		return verdict, why
	}
	const hearsay = "; this proves nothing where the recipe alone does not know the profile"
	if verdict == VerdictPosted && now.times(caption) > before.times(caption) {
		return verdict, why
	}
	return VerdictUnknown, why + hearsay
}

// compare is judge for readings that are what they seem.
func compare(before *reading, now reading, caption string) (Verdict, string) {
	if before == nil {
		switch {
		case now.times(caption) > 0:
			return VerdictUnknown, "the caption is on the profile, but how the profile was before is not known"
		case len(now.Pinned)+len(now.Captions) == now.Count:
			return VerdictAbsent, fmt.Sprintf("none of all %d posts has the caption", now.Count)
		}
		return VerdictUnknown, "how the profile was before is not known, and not all posts are shown"
	}
	grown := now.Count - before.Count
	switch {
	case grown > 0 && now.newest(grown, caption):
		return VerdictPosted, "the caption is among the posts that are new"
	case grown > 0:
		return VerdictUnknown, fmt.Sprintf("%d posts are new, none of those shown has the caption", grown)
	case grown < 0:
		return VerdictUnknown, fmt.Sprintf("the profile has %d posts fewer than before", -grown)
	case now.equal(*before):
		return VerdictAbsent, "the profile is as it was before"
	}
	return VerdictUnknown, "as many posts as before, but not the same ones"
}
