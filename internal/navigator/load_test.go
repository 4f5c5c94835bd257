package navigator_test

import (
	"testing"

	"postfleet/internal/navigator"
)

func TestBuiltin(t *testing.T) {
	t.Parallel()
	r, err := navigator.Load("builtin:instagram-reel")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.AppID(), "com.instagram.android"; got != want {
		t.Errorf("AppID: got %q, want %q", got, want)
	}
}
