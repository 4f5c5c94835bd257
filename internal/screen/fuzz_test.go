package screen_test

import (
	"strings"
	"testing"

	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

// FuzzParse holds that nothing that claims to be a dump brings anything down,
// and that what comes out of one is whole.
func FuzzParse(f *testing.F) {
	// Small ones: mutating a large one takes as long as thousands of them.
	for _, s := range screentest.Screens() {
		if source := s.Source(screentest.Moment{Language: "ar", Seed: 3}); len(source) < 4500 {
			f.Add(source)
		}
	}
	f.Add(dump)
	f.Add(`<a bounds="[0,0][1048576,1048576]" package="com.example.social" text="&#xD800;&#x202e;"><b/></a>`)
	f.Add(`<hierarchy width="99999999999" height="-1"><a bounds="[-5,-5][5,5]" class="$" resource-id="/"/></hierarchy>`)
	f.Add(strings.Repeat(`<a package="com.example.social" clickable="true" bounds="[0,0][9,9]">`, 50) +
		strings.Repeat("</a>", 50))
	f.Fuzz(func(t *testing.T, source string) {
		tree, err := screen.Parse(source)
		if err != nil {
			return
		}
		for _, n := range tree.Nodes {
			if n.Bounds.Empty() || tree.Bounds.Union(n.Bounds) != tree.Bounds {
				t.Errorf("%v is not in %v", n.Bounds, tree.Bounds)
			}
			for _, c := range n.Children {
				if c.Parent != n {
					t.Error("a child of another parent")
				}
			}
		}
		p, ok := tree.Print(screentest.App)
		if ok != p.Same(p) {
			t.Errorf("ok is %t of %+v, which is itself: %t", ok, p, p.Same(p))
		}
		checkOutline(t, "fuzzed", tree.Outline(screentest.App))
	})
}
