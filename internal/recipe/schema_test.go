package recipe

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// schema is the part of JSON Schema that docs/recipe.schema.json uses.
type schema struct {
	Ref                  string             `json:"$ref"`
	Type                 string             `json:"type"`
	Enum                 []string           `json:"enum"`
	Const                any                `json:"const"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties any                `json:"additionalProperties"`
	Items                *schema            `json:"items"`
	OneOf                []*schema          `json:"oneOf"`
	Minimum, Maximum     *float64
	Defs                 map[string]*schema `json:"$defs"`
}

func loadSchema(t *testing.T) *schema {
	t.Helper()
	text, err := os.ReadFile("../../docs/recipe.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestSchemaHasTheKeys holds the schema for editors against the Go types: the
// same keys in each part, with the same kinds of values.
func TestSchemaHasTheKeys(t *testing.T) {
	t.Parallel()
	root := loadSchema(t)
	for _, part := range parts() {
		s := root
		if part != reflect.TypeFor[document]() {
			s = root.Defs[strings.ToLower(part.Name())]
		}
		if s == nil {
			t.Errorf("there is no definition of %s", part.Name())
			continue
		}
		if s.AdditionalProperties != false {
			t.Errorf("%s: unknown keys are not forbidden", part.Name())
		}
		keys := keysOf(part.String())
		slices.Sort(keys)
		if diff := cmp.Diff(keys, slices.Sorted(maps.Keys(s.Properties))); diff != "" {
			t.Errorf("%s: keys (-types +schema):\n%s", part.Name(), diff)
		}
		for _, f := range reflect.VisibleFields(part) {
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if p := s.Properties[key]; p != nil && kind(f.Type) != p.kind() {
				t.Errorf("%s.%s: got %s in the schema, want %s", part.Name(), key, p.kind(), kind(f.Type))
			}
		}
	}
}

// kind is how the schema has values of type f.
func kind(f reflect.Type) string {
	switch f {
	case reflect.TypeFor[labels]():
		return "labels"
	case reflect.TypeFor[Target]():
		return "target"
	case reflect.TypeFor[Class](), reflect.TypeFor[Direction]():
		return strings.ToLower(f.Name())
	case reflect.TypeFor[Action](), reflect.TypeFor[Effect]():
		return "enum"
	case reflect.TypeFor[time.Duration]():
		return "string"
	}
	switch f.Kind() {
	case reflect.Pointer:
		return kind(f.Elem())
	case reflect.Slice:
		return "array"
	case reflect.Map:
		return "object"
	case reflect.Bool:
		return "boolean"
	case reflect.Int:
		return "integer"
	case reflect.String:
		return "string"
	default:
		return strings.ToLower(f.Name())
	}
}

func (s *schema) kind() string {
	switch {
	case s.Ref != "":
		return strings.TrimPrefix(s.Ref, "#/$defs/")
	case s.Enum != nil:
		return "enum"
	case s.Const != nil:
		return "integer"
	default:
		return s.Type
	}
}

// TestSchemaHasTheWords: the words and bounds that the check allows.
func TestSchemaHasTheWords(t *testing.T) {
	t.Parallel()
	root := loadSchema(t)
	step := root.Defs["step"].Properties
	for name, tt := range map[string]struct{ want, got []string }{
		"actions": {
			words(DoTap, DoType, DoSwipe, DoBack, DoWait, DoRead), step["do"].Enum,
		},
		"actions of guards": {words(DoTap, DoBack), root.Defs["guard"].Properties["do"].Enum},
		"effects":           {words(EffectNone, EffectLocal, EffectIrreversible), step["effect"].Enum},
		"directions":        {words(MoveUp, MoveDown, MoveLeft, MoveRight), root.Defs["direction"].Enum},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-types +schema):\n%s", name, diff)
		}
	}
	for _, word := range root.Defs["class"].Enum {
		if Class(word).Fault() == 0 {
			t.Errorf("class %q is in the schema only", word)
		}
	}
	if got := *step["retry"].Maximum; got != maxRetry {
		t.Errorf("retry: got %v, want %d", got, maxRetry)
	}
	if got := *root.Defs["scroll"].Properties["max"].Maximum; got != maxScroll {
		t.Errorf("scroll: got %v, want %d", got, maxScroll)
	}
	if root.Properties["recipe"].Const != float64(schemaVersion) {
		t.Errorf("version: got %v, want %d", root.Properties["recipe"].Const, schemaVersion)
	}
}

func words[T ~string](all ...T) []string {
	var list []string
	for _, w := range all {
		list = append(list, string(w))
	}
	return list
}
