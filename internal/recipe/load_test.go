package recipe_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/recipe"
)

func TestLoadGood(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"builtin:instagram-reel":     "com.instagram.android",
		"testdata/good/minimal.yaml": "com.example.app",
	} {
		r, err := recipe.Load(name)
		if err != nil {
			t.Errorf("Load(%s): %v", name, err)
			continue
		}
		if r.AppID() != want || r.Name() != name {
			t.Errorf("Load(%s): got %q %q, want %q", name, r.Name(), r.AppID(), want)
		}
	}
}

// TestLoadBad has one file per mistake; its first line says what must be found.
func TestLoadBad(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recipes: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(source), "\n")
			want := strings.TrimPrefix(first, "# want: ")
			_, err = recipe.Load(file)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want %q in it", err, want)
			}
			if !strings.Contains(err.Error(), file) {
				t.Errorf("got %v, want the file's name in it", err)
			}
			if got := fault.Of(err); got != fault.Input {
				t.Errorf("class: got %q, want %q", got, fault.Input)
			}
		})
	}
}

func TestLoadMissing(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"builtin:nothing":     "there is no such recipe in the program",
		"builtin:../../go":    "there is no such recipe in the program",
		"testdata/absent.yml": "no such file",
	} {
		if _, err := recipe.Load(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%s): got %v, want %q in it", name, err, want)
		}
	}
}

// TestLoadSaysEverything: one run of the check is enough to mend a recipe.
func TestLoadSaysEverything(t *testing.T) {
	t.Parallel()
	_, err := recipe.Load("testdata/several.yaml")
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{
		"several.yaml:1: recipe: must be 1", "several.yaml:5: flows.post.0.do: must be", "lacks the flow profile",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

// TestLoadBomb: a file that is small and means a lot of memory is refused.
func TestLoadBomb(t *testing.T) {
	t.Parallel()
	doubled := func(name, of string) string {
		return "    - &" + name + " {any: [" + strings.Repeat("*"+of+", ", 20) + "]}\n"
	}
	bomb := "recipe: 1\nguards:\n- id: g\n  when:\n    any:\n    - &a {id: x}\n"
	for i := range 8 {
		bomb += doubled(string(rune('b'+i)), string(rune('a'+i)))
	}
	for name, source := range map[string]string{
		"excessive aliasing": bomb,
		"contains itself":    "recipe: 1\nguards:\n- id: g\n  when: &a {any: [*a]}\n",
		"exceeded max depth": "recipe: 1\nguards: " + strings.Repeat("[", 20_000),
	} {
		file := filepath.Join(t.TempDir(), "bomb.yaml")
		if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := recipe.Load(file); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q in it", err, name)
		}
	}
}
