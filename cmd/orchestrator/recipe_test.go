package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/workerimage"
)

const builtinName = "builtin:instagram-reel"

func TestRecipeCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("recipe: 1\napp: {idd: x}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := w.app.run(t.Context(), []string{"recipe", "check", builtinName}); code != workerimage.ExitDone {
		t.Errorf("a good one: got exit code %d: %s", code, w.err.String())
	}
	w.mustHold("output", w.out.String(), "ok: builtin:instagram-reel drives com.instagram.android")
	if code := w.app.run(t.Context(), []string{"recipe", "check", bad, builtinName}); code != workerimage.ExitUsage {
		t.Errorf("a bad one: got exit code %d, want %d", code, workerimage.ExitUsage)
	}
	w.mustHold("problems", w.err.String(),
		bad+`:2: unknown key "idd": did you mean "id"?`, bad+":2: app.id: must be an Android package",
		bad+":1: flows: lacks the flow post")
	if got := strings.Count(w.out.String(), "ok: "); got != 2 {
		t.Errorf("got %d good ones, want 2: a bad recipe does not hide a good one", got)
	}
}

func TestRecipeTry(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr", "pt"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			args := []string{"recipe", "try", builtinName, "--device", "sim"}
			args = append(args, "--language", language, "--slot", "account=me")
			if code := w.app.run(t.Context(), args); code != workerimage.ExitDone {
				t.Fatalf("got exit code %d: %s", code, w.err.String())
			}
			w.mustHold("output", w.out.String(),
				"switch_account/own_profile", "profile_tab by id=tab_profile", "profile/read_profile",
				"post/share", "not taken: it publishes", "ok: 14 steps in")
		})
	}
}

func TestRecipeTryRefuses(t *testing.T) {
	t.Parallel()
	other := filepath.Join("..", "..", "internal", "recipe", "testdata", "good", "elements.yaml")
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no device":        {[]string{builtinName}, "write --device sim"},
		"another device":   {[]string{builtinName, "--device", "phone-1"}, "write --device sim"},
		"another app":      {[]string{other, "--device", "sim"}, "the sample app stands for com.insta"},
		"no such language": {[]string{builtinName, "--device", "sim", "--language", "xx"}, "unknown language"},
		"no such recipe":   {[]string{"builtin:no", "--device", "sim"}, "there is no such recipe"},
		"no such slot": {
			[]string{builtinName, "--device", "sim", "--slot", "acount=me"}, "has no such slot, but account, caption",
		},
		"an unknown option": {[]string{builtinName, "--sim"}, "unknown flag"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "")
			code := w.app.run(t.Context(), append([]string{"recipe", "try"}, tt.args...))
			if code != workerimage.ExitUsage {
				t.Errorf("got exit code %d, want %d", code, workerimage.ExitUsage)
			}
			w.mustHold("message", w.err.String(), tt.want)
		})
	}
}
