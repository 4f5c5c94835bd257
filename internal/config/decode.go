package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
)

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// unknownKeys gathers a problem for each key that does not exist, and returns
// the names of all that contain one: the decoder complains about those.
func (s *source) unknownKeys() map[string]bool {
	parents := map[string]bool{}
	known := keyNames()
	keys := s.viper.AllKeys()
	slices.Sort(keys)
	for _, key := range keys {
		if contains(known, key) || isSection(key, known) {
			continue
		}
		s.found.unknown(key, nearest(key, known))
		for parent := key; parent != ""; parents[parent] = true {
			parent = parent[:max(0, strings.LastIndexByte(parent, '.'))]
		}
	}
	entries, _ := s.viper.Get("devices").([]any)
	for i, entry := range entries {
		fields, _ := entry.(map[string]any)
		for _, field := range sortedKeys(fields) {
			if name := fmt.Sprintf("devices[%d]", i); !contains(DeviceKeys(), strings.ToLower(field)) {
				s.found.unknown(name+"."+field, nearest(field, DeviceKeys()))
				parents[name] = true
			}
		}
	}
	return parents
}

// isSection reports whether key is the name of a group, such as restart. When
// it holds no group, the decoder says so.
func isSection(key string, known []string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, key+".") })
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (p *problems) unknown(key, meant string) {
	mend := "remove it; docs/config.md lists the keys"
	if meant != "" {
		mend = "did you mean " + meant + "?"
	}
	p.add(key, nil, mend, "unknown key")
}

func (p *problems) addDecode(e *mapstructure.DecodeError) {
	if e.Name() == secretKey {
		p.add(e.Name(), nil, "put it in quotes", "is not text")
		return
	}
	kind, ok := errors.AsType[*mapstructure.UnconvertibleTypeError](e)
	if !ok {
		p.add(e.Name(), nil, "", "%w", e.Unwrap())
		return
	}
	mend := "write " + friendly(kind.Expected.Type())
	if kind.Expected.Kind() == reflect.String {
		mend = "put it in quotes"
	}
	p.add(e.Name(), kind.Value, mend, "is not %s", friendly(kind.Expected.Type()))
}

func friendly(t reflect.Type) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "a duration with a unit, such as 30s"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	default:
		return "a " + t.Kind().String()
	}
}

// toDuration reads durations. A bare number has no unit and would be taken for
// nanoseconds; only 0 needs none.
func toDuration(_, to reflect.Type, data any) (any, error) {
	if to != reflect.TypeFor[time.Duration]() {
		return data, nil
	}
	if n, ok := data.(int); ok && n == 0 {
		return time.Duration(0), nil
	}
	text, ok := data.(string)
	if !ok {
		return nil, fmt.Errorf("is not a duration (got %v): write it with a unit, such as 30s", data)
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, fmt.Errorf("is not a duration (got %q): write it with a unit, such as 30s", text)
	}
	return d, nil
}

// wholeNumber refuses what the decoder would cut off silently.
func wholeNumber(_, to reflect.Type, data any) (any, error) {
	f, ok := data.(float64)
	if ok && (to.Kind() == reflect.Int || to.Kind() == reflect.Int64) && f != math.Trunc(f) {
		return nil, fmt.Errorf("is not a whole number (got %v)", f)
	}
	return data, nil
}
