package recipe_test

import (
	"slices"
	"testing"

	"postfleet/internal/recipe"
)

// TestData: which elements show what people wrote.
func TestData(t *testing.T) {
	t.Parallel()
	r, err := recipe.Load("builtin:instagram-reel")
	if err != nil {
		t.Fatal(err)
	}
	data := slices.DeleteFunc(r.Elements(), func(name string) bool { return !r.Element(name).Data() })
	want := []string{"account_row", "caption_field", "post_caption", "post_count", "post_pin", "profile_account"}
	if !slices.Equal(data, want) {
		t.Errorf("got %q, want %q", data, want)
	}
}
