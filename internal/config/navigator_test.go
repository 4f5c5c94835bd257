package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/internal/config"
	"postfleet/internal/fault"
)

// The key is wanted, and read, where a model is asked, and shown nowhere.
func TestAnthropicKey(t *testing.T) {
	t.Parallel()
	const planted = "sk-ant-planted-4711"
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(planted+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, mode, env string
		hasKey          bool
		want            string // in the error; "" for none
	}{
		{"variable", "recipe+claude", "ANTHROPIC_API_KEY=" + planted, true, ""},
		{"file", "claude", "ANTHROPIC_API_KEY_FILE=" + file, true, ""},
		{"not needed", "recipe", "ANTHROPIC_API_KEY=" + planted, false, ""},
		{"none not needed", "recipe", "", false, ""},
		{
			"none", "recipe+claude", "", false,
			"environment: ANTHROPIC_API_KEY: is not set, and navigator.mode is recipe+claude",
		},
		{
			"no file", "claude", "ANTHROPIC_API_KEY_FILE=" + file + "x", false,
			"environment: ANTHROPIC_API_KEY_FILE: is no file",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(config.Options{
				Path: writeFile(t, "navigator: {mode: "+tt.mode+"}"), Environ: []string{tt.env}, Simulate: true,
			})
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want == "":
			case !fault.Is(err, fault.Input), !strings.Contains(err.Error(), tt.want), len(config.Problems(err)) != 1:
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if has := got.Secrets.AnthropicKey != ""; has != tt.hasKey {
				t.Errorf("the key was read: %v", has)
			}
			if shown := fmt.Sprintf("%v %+v %#v %v", got, got, got, err); strings.Contains(shown, planted) {
				t.Errorf("the key is shown: %s", shown)
			}
			if shown, err := got.YAML(); err != nil || strings.Contains(string(shown), planted) {
				t.Errorf("the key is shown, or %v: %s", err, shown)
			}
		})
	}
}

// What is set for a model is of no effect without one, and that is said.
func TestIgnoredOfTheModel(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]int{"recipe": 2, "claude": 0} {
		got, err := config.Load(config.Options{
			Path:     writeFile(t, "navigator: {mode: "+mode+", model: claude-opus-5-5, max_calls_per_job: 0}"),
			Environ:  []string{"ANTHROPIC_API_KEY=k"},
			Simulate: true,
		})
		if err != nil || len(got.Ignored()) != want {
			t.Errorf("%s: got %q, %v; want %d notes", mode, got.Ignored(), err, want)
		}
	}
}
