package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// FieldError is one problem with one key.
type FieldError struct {
	// Source is where the value came from: a file, a POSTFLEET_* variable or a
	// flag; the file, too, for what nobody gave.
	Source string
	// Field is the key as users write it, for example devices[1].connect.
	Field string
	// Value is what was given; nil when there is none or it is a secret.
	Value any
	Err   error
	// Mend says what to do about it.
	Mend string
}

// Error returns "source: key: problem (got value): mend".
func (e *FieldError) Error() string {
	var b strings.Builder
	if e.Source != "" {
		b.WriteString(e.Source + ": ")
	}
	b.WriteString(e.Field + ": " + e.Err.Error())
	switch v := e.Value.(type) {
	case nil:
	case string:
		fmt.Fprintf(&b, " (got %q)", v)
	default:
		fmt.Fprintf(&b, " (got %v)", v)
	}
	if e.Mend != "" {
		b.WriteString(": " + e.Mend)
	}
	return b.String()
}

// Unwrap returns Err.
func (e *FieldError) Unwrap() error { return e.Err }

// Problems returns every FieldError in err, in order; nil when there is none.
func Problems(err error) []*FieldError {
	var found []*FieldError
	walk(err, func(e error) bool {
		p, ok := e.(*FieldError) //nolint:errorlint // walk visits each error of the tree itself
		if ok {
			found = append(found, p)
		}
		return !ok
	})
	return found
}

// walk visits err and all that it wraps, depth first, as long as visit says to
// go deeper.
func walk(err error, visit func(error) bool) {
	if err == nil || !visit(err) {
		return
	}
	switch w := err.(type) { //nolint:errorlint // this is the walk over the tree
	case interface{ Unwrap() []error }:
		for _, e := range w.Unwrap() {
			walk(e, visit)
		}
	case interface{ Unwrap() error }:
		walk(w.Unwrap(), visit)
	}
}

// problems gathers FieldErrors.
type problems struct{ list []error }

func (p *problems) add(field string, value any, mend, format string, args ...any) {
	p.list = append(p.list, &FieldError{Field: field, Value: value, Mend: mend, Err: fmt.Errorf(format, args...)})
}

func (p *problems) err() error { return errors.Join(p.list...) }

// besides returns err without the problems of fields that already have one:
// what could not be read is as a rule wrong in other ways, too.
func (p *problems) besides(err error) error {
	var kept []error
	for _, more := range Problems(err) {
		known := slices.ContainsFunc(Problems(p.err()), func(have *FieldError) bool {
			return strings.HasPrefix(more.Field, have.Field)
		})
		if !known {
			kept = append(kept, more)
		}
	}
	return errors.Join(kept...)
}
