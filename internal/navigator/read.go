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
	bounded, cancel := context.WithTimeoutCause(ctx, s.Patience(), errNotSeen)
	defer cancel()
	var last recipe.Values
	lack := errors.New("expected " + s.Expect.String())
	for {
		t, err := w.look(bounded)
		if err == nil && s.Expect.Holds(w.view(t)) {
			var now recipe.Values
			now, lack = s.Values(w.view(t))
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
