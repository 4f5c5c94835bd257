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

// addDecode translates one complaint of the decoder.
func (p *problems) addDecode(e *mapstructure.DecodeError) {
	if isSecret(e.Name()) {
		p.add(e.Name(), nil, "put it in quotes", "is not text")
		return
	}
	kind, ok := errors.AsType[*mapstructure.UnconvertibleTypeError](e)
	switch {
	case isSection(e.Name(), keyNames()):
		p.add(e.Name(), nil, "docs/config.md lists the keys in it", "is a group of keys and takes no value")
	case ok:
		p.addType(e.Name(), kind.Value, kind.Expected.Type())
	case isList(e.Name()):
		p.addType(e.Name(), nil, typeOf(e.Name()))
	case isEntry(e.Name()):
		p.add(e.Name(), nil, "write {name: …, connect: …}", "is not a device")
	default:
		p.add(e.Name(), nil, "", "%w", e.Unwrap())
	}
}

func (p *problems) addType(name string, value any, t reflect.Type) {
	mend := "write " + friendly(t)
	if t.Kind() == reflect.String {
		mend = "put it in quotes"
	}
	p.add(name, value, mend, "is not %s", friendly(t))
}

func isList(name string) bool {
	t := typeOf(name)
	return t != nil && t.Kind() == reflect.Slice
}

// typeOf returns the type of a key or of a key of a device; nil for any other.
func typeOf(name string) reflect.Type {
	keys := Keys()
	if _, field, ok := strings.Cut(name, "]."); ok {
		name, keys = field, structKeys("", reflect.ValueOf(Device{}))
	}
	i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name })
	if i < 0 {
		return nil
	}
	return reflect.TypeOf(keys[i].Default)
}

// isEntry reports whether name is a whole entry of devices.
func isEntry(name string) bool {
	return strings.HasPrefix(name, "devices[") && !strings.Contains(name, ".")
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
		return "a list"
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
