package navigator

import (
	"context"
	"errors"
	"maps"
	"slices"

	"postfleet/internal/fault"
	"postfleet/internal/recipe"
)

// read takes s's values into found, all from one dump on which what s expects
// and needs holds. Two dumps in a row must agree, because a list that is still loading
// shows less than there is.
func (w *Walk) read(ctx context.Context, s *recipe.Step, found recipe.Values) error {
	var last recipe.Values
	lack := errors.New("expected " + s.Expect.String() + while(s))
	missing := func(v *recipe.View) []string {
		return slices.Concat(s.Expect.Missing(v), s.Needs.Missing(v), s.Missing(v))
	}
	err := w.until(ctx, waiting{s, missing, func(v *recipe.View) (bool, error) {
		if !s.Expect.Holds(v) || !s.Needs.Holds(v) {
			return false, nil
		}
		var now recipe.Values
		now, lack = s.Values(v)
		agreed := lack == nil && last != nil && maps.EqualFunc(now, last, slices.Equal[[]string])
		if last = now; agreed {
			maps.Copy(found, now)
			w.hearsay = w.hearsay || !readAlone(s, w.nav.recipe.See(v.Tree, w.slots), now)
		}
		return agreed, nil
	}, true})
	if errors.Is(err, errNotSeen) {
		return unread(lack, err)
	}
	return err
}

// readAlone reports whether the recipe by itself, which is what v knows, reads
// those values.
func readAlone(s *recipe.Step, v *recipe.View, values recipe.Values) bool {
	own, err := s.Values(v)
	return err == nil && s.Expect.Holds(v) && s.Needs.Holds(v) && maps.EqualFunc(own, values, slices.Equal[[]string])
}

func unread(lack, err error) error {
	if lack == nil {
		lack = errors.New("the values kept changing")
	}
	return fault.Errorf(fault.Infra, "%w: %w", lack, err)
}
