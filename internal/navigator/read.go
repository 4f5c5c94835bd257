package navigator

import (
	"context"
	"errors"
	"maps"
	"slices"

	"postfleet/internal/fault"
	"postfleet/internal/recipe"
)

// read takes s's values into found, all from one dump on which s's expectation
// holds. Two dumps in a row must agree, because a list that is still loading
// shows less than there is.
func (w *Walk) read(ctx context.Context, s *recipe.Step, found recipe.Values) error {
	var last recipe.Values
	lack := errors.New("expected " + s.Expect.String())
	missing := func(v *recipe.View) []string { return append(s.Expect.Missing(v), s.Missing(v)...) }
	err := w.until(ctx, waiting{s, missing, func(v *recipe.View) (bool, error) {
		if !s.Expect.Holds(v) {
			return false, nil
		}
		var now recipe.Values
		now, lack = s.Values(v)
		agreed := lack == nil && last != nil && maps.EqualFunc(now, last, slices.Equal[[]string])
		if last = now; agreed {
			maps.Copy(found, now)
			w.hearsay = w.hearsay || s.Told(v)
		}
		return agreed, nil
	}, true})
	if errors.Is(err, errNotSeen) {
		return unread(lack, err)
	}
	return err
}

func unread(lack, err error) error {
	if lack == nil {
		lack = errors.New("the values kept changing")
	}
	return fault.Errorf(fault.Infra, "%w: %w", lack, err)
}
