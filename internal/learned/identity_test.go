package learned_test

import (
	"strings"
	"testing"

	"postfleet/internal/learned"
)

func TestWhatIsNotStored(t *testing.T) {
	t.Parallel()
	private := []string{"shop_a", "Summer sale: everything must go, today only\n\nOnly in our store, and ok", "a"}
	for name, c := range map[string]struct {
		find []learned.Identity
		ok   bool
	}{
		"an id":                     {[]learned.Identity{{ID: "tab"}}, true},
		"a label":                   {[]learned.Identity{{Text: "Weiter"}}, true},
		"in a list, with an id":     {[]learned.Identity{{ID: "row", Text: "Reel", InList: true}}, true},
		"in a list, in something":   {[]learned.Identity{{Text: "Reel", Within: "menu", InList: true}}, true},
		"in a list, by its text":    {[]learned.Identity{{Text: "Reel", InList: true}}, false},
		"in a list, by text below":  {[]learned.Identity{{Class: "Row", Below: "Reel", InList: true}}, false},
		"one good, one bad":         {[]learned.Identity{{ID: "tab"}, {Text: "Reel", InList: true}}, false},
		"nothing":                   {nil, false},
		"too much":                  {make([]learned.Identity, 20), false},
		"a class":                   {[]learned.Identity{{Class: "Button"}}, false},
		"a handle":                  {[]learned.Identity{{Text: "@someone"}}, false},
		"a hashtag":                 {[]learned.Identity{{Desc: "nice #day"}}, false},
		"an address":                {[]learned.Identity{{ID: "x", Below: "https://x.example"}}, false},
		"prose":                     {[]learned.Identity{{Text: strings.Repeat("word ", 20)}}, false},
		"a line end":                {[]learned.Identity{{Text: "a\nb"}}, false},
		"half a character":          {[]learned.Identity{{Text: "a\xff"}}, false},
		"an id that is none":        {[]learned.Identity{{ID: "a\x00"}}, false},
		"the account":               {[]learned.Identity{{Desc: "Profile of Shop_A"}}, false},
		"the caption":               {[]learned.Identity{{Text: "Summer sale:  everything…"}}, false},
		"the caption begins in it":  {[]learned.Identity{{Text: "Posting: Summer sale: every… Undo"}}, false},
		"the caption's next line":   {[]learned.Identity{{Text: "Only in our store, and ok"}}, false},
		"a word of the caption":     {[]learned.Identity{{Text: "today"}}, true},
		"a caption that is no word": {[]learned.Identity{{Text: "Share"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, file := place(1), path(t)
			b := open(t, file, "w0")
			f := finding("tab", "")
			f.Find, f.Private = c.find, private
			err := lease(t, b, at, wanted("tab")).Confirm(t.Context(), f)
			if c.ok {
				if err != nil {
					t.Fatal(err)
				}
				use(t, b, at, "tab")
				return
			}
			is(t, err, learned.ErrRefused)
			if all := records(t, file); len(all) != 0 {
				t.Errorf("stored %+v", all)
			}
			// The lease is free again.
			if err := lease(t, open(t, file, "w1"), at, wanted("tab")).Release(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Labels are in all languages, and some of them look like YAML.
func TestLabelsAreKept(t *testing.T) {
	t.Parallel()
	for _, label := range []string{
		"yes", "~", "null", "1.0", "- a", "a: b", " a ", "'", `"`, "\\", "{}", "[x", "&a", "*a", "!x", "%", "|", "> x",
		"Создать", "作成", "إنشاء", "Créer…", "👍🏽", "\u200b", "\u2028", "\u00a0", "\ufeffx", "e\u0301",
	} {
		at, file := place(1), path(t)
		b := open(t, file, "w0")
		f := finding("tab", "")
		f.Find = []learned.Identity{{ID: "x", Text: label, Within: label}}
		if err := lease(t, b, at, wanted("tab")).Confirm(t.Context(), f); err != nil {
			t.Errorf("%q: %v", label, err)
			continue
		}
		if got := only(t, file, learned.StateCandidate); got.Find[0] != f.Find[0] {
			t.Errorf("got %+v, want %q", got.Find[0], label)
		}
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	if learned.Hash("ab", "c") == learned.Hash("a", "bc") {
		t.Error("the hash is not one of the words, each for itself")
	}
	if got, want := learned.Hash("ab", "c"), "430fb1b4ac43316e"; got != want {
		t.Errorf("got %s, want %s: everything that was learned would be dead", got, want)
	}
}
