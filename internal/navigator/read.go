package navigator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"postfleet/internal/fault"
)

// read takes s's values into found, all from one dump on which s's expectation
// holds. Two dumps in a row must agree, because a list that is still loading
// shows less than there is.
func (w *Walk) read(ctx context.Context, s *step, found Values) error {
	bounded, cancel := context.WithTimeoutCause(ctx, s.timeout(), errNotSeen)
	defer cancel()
	var last Values
	lack := errors.New("expected " + s.Expect.String())
	for {
		t, err := w.look(bounded)
		if err == nil && s.Expect.holds(t, w.slots) {
			var now Values
			now, lack = s.values(t, w.slots)
			if lack == nil && last != nil && maps.EqualFunc(now, last, slices.Equal[[]string]) {
				maps.Copy(found, now)
				return nil
			}
			last = now
		}
		if err == nil {
			err = w.pause(bounded)
		}
		if errors.Is(err, errNotSeen) {
			return unread(lack, err)
		}
		if err != nil {
			return err
		}
	}
}

func unread(lack, err error) error {
	if lack == nil {
		lack = errors.New("the values kept changing")
	}
	return fault.Errorf(fault.Infra, "%w: %w", lack, err)
}

// values reads everything s names from t, or says what is lacking.
func (s *step) values(t *tree, slots map[string]string) (Values, error) {
	got := Values{}
	for _, name := range slices.Sorted(maps.Keys(s.Read)) {
		texts, err := s.Read[name].texts(t, slots)
		if err != nil {
			return nil, fmt.Errorf("value %s: %w", name, err)
		}
		got[name] = texts
	}
	return got, nil
}

func (r reading) texts(t *tree, slots map[string]string) ([]string, error) {
	if !r.All {
		n := resolve(r.Target, t, slots)
		if n == nil {
			return nil, errors.New("looked for " + describe(r.Target))
		}
		return []string{n.text}, nil
	}
	texts := []string{}
	for i := range r.Target {
		for _, n := range r.Target[i].find(t, slots) {
			texts = append(texts, n.text)
		}
		if len(texts) > 0 {
			break
		}
	}
	return texts, nil
}
