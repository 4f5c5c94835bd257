package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// problem is one mistake in a file.
type problem struct {
	line int
	text string
}

// failed is what was found, each problem once, in the order of the file.
func (l *linter) failed() error {
	slices.SortStableFunc(l.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for _, p := range slices.Compact(l.problems) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", l.name, p.line, p.text))
	}
	return errors.Join(errs...)
}

// unknown takes note of err if it is of unknown keys only, which leave the
// rest of the file as it is.
func (l *linter) unknown(err error) bool {
	typed, ok := errors.AsType[*yaml.TypeError](err)
	if !ok || slices.ContainsFunc(typed.Errors, func(text string) bool { return unknownKey(text) == nil }) {
		return false
	}
	l.note(typed)
	return true
}

// readable is an error of the library in our words: it speaks of Go types.
func (l *linter) readable(err error) error {
	if typed, ok := errors.AsType[*yaml.TypeError](err); ok {
		l.note(typed)
		return l.failed()
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line, text := splitLine(text)
	l.problems = append(l.problems, problem{line, text})
	return l.failed()
}

func (l *linter) note(typed *yaml.TypeError) {
	for _, full := range typed.Errors {
		line, text := splitLine(full)
		if key := unknownKey(full); key != nil {
			text = fmt.Sprintf("unknown key %q%s", key[1], meant(key[1], keysOf(key[2])))
		}
		l.problems = append(l.problems, problem{line, text})
	}
}

// unknownKey is the key and the type that text says do not go together.
func unknownKey(text string) []string {
	return regexp.MustCompile(`^line \d+: field (\S+) not found in type (\S+)$`).FindStringSubmatch(text)
}

func splitLine(text string) (line int, rest string) {
	parts := regexp.MustCompile(`^line (\d+): (.*)$`).FindStringSubmatch(text)
	if parts == nil {
		return 1, text
	}
	line, _ = strconv.Atoi(parts[1]) // digits
	return line, parts[2]
}

// keysOf are the keys that a part of a recipe may have, by the name of its type.
func keysOf(typeName string) []string {
	var keys []string
	for _, t := range parts() {
		if t.String() != typeName {
			continue
		}
		for _, f := range reflect.VisibleFields(t) {
			if key, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); key != "" {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// parts are the types that a file is made of.
func parts() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[document](), reflect.TypeFor[app](), reflect.TypeFor[Element](), reflect.TypeFor[Guard](),
		reflect.TypeFor[Failure](), reflect.TypeFor[Step](), reflect.TypeFor[Reading](), reflect.TypeFor[Scroll](),
		reflect.TypeFor[Miss](), reflect.TypeFor[Selector](), reflect.TypeFor[Condition](),
	}
}
