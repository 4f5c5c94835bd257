package sharedfile_test

import (
	"errors"
	"os"
	"testing"

	"postfleet/internal/sharedfile"
)

func TestCodecs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		codec sharedfile.Codec
		wrote string
		bad   []string
	}{
		"json": {sharedfile.JSON(), "{\n \"n\": 1\n}\n", []string{"", `{"m":1}`, `{"n":1}{}`, `{"n":"x"}`, "n: 1"}},
		"yaml": {sharedfile.YAML(), "\"n\": 1\n", []string{"", "m: 1", "n: 1\n---\nn: 2", "n: x", "n: 1\nn: 2", "{"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := path(t)
			f := sharedfile.New(at, c.codec, sharedfile.Rules[doc]{})
			t.Cleanup(func() { _ = f.Close() })
			if err := f.Change(t.Context(), add); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(at); err != nil || string(got) != c.wrote {
				t.Errorf("wrote %q, %v, want %q", got, err, c.wrote)
			}
			if got, err := f.Read(); err != nil || got.N != 1 {
				t.Errorf("read %+v, %v", got, err)
			}
			for _, text := range c.bad {
				if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				if got, err := f.Read(); !errors.Is(err, sharedfile.ErrDamaged) {
					t.Errorf("%q: got %+v, %v, want ErrDamaged", text, got, err)
				}
			}
		})
	}
}
