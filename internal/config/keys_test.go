package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"postfleet/internal/config"
)

// TestEveryKeyIsDocumented holds docs/config.md against the struct: each key
// has a row with its name, its variable and its default.
func TestEveryKeyIsDocumented(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if name, rest, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "`"); ok && strings.HasPrefix(line, "| `") {
			rows[name] = rest
		}
	}
	for _, k := range config.Keys() {
		row, ok := rows[k.Name]
		if !ok {
			t.Errorf("%s has no row", k.Name)
			continue
		}
		if !strings.Contains(row, "`"+k.Env+"`") {
			t.Errorf("row of %s: got %q, want it to name %s", k.Name, row, k.Env)
		}
		if want := "`" + written(k.Default) + "`"; !strings.Contains(row, want) {
			t.Errorf("row of %s: got %q, want the default %s", k.Name, row, want)
		}
		delete(rows, k.Name)
	}
	for _, name := range config.DeviceKeys() {
		if _, ok := rows["devices[]."+name]; !ok {
			t.Errorf("devices[].%s has no row", name)
		}
		delete(rows, "devices[]."+name)
	}
	for name := range rows {
		t.Errorf("the row of %s is of no key", name)
	}
}

// written is a default as fleet.yaml would have it.
func written(v any) string {
	switch v := v.(type) {
	case string:
		if v == "" {
			return `""`
		}
		return v
	case time.Duration:
		text := v.String()
		if strings.HasSuffix(text, "m0s") {
			text = strings.TrimSuffix(text, "0s")
		}
		return text
	case []string, []config.Device:
		return "[]"
	default:
		return fmt.Sprint(v)
	}
}

func TestKeyNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range config.Keys() {
		if k.Name == "" || strings.HasSuffix(k.Name, ".") {
			t.Errorf("a field has no yaml tag: %+v", k)
		}
		if seen[k.Env] || k.Env == "POSTFLEET_WORKER" {
			t.Errorf("%s: %s is taken", k.Name, k.Env)
		}
		seen[k.Env] = true
		if k.Secret != (k.Name == "proxy.rotate_url") {
			t.Errorf("%s: secret is %v", k.Name, k.Secret)
		}
	}
}
