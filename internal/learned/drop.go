package learned

import (
	"context"
	"slices"
	"time"
)

// Drop removes the records that pick picks, and returns them. Who uses one of
// them ends that.
func (b *Book) Drop(ctx context.Context, pick func(r *Record) bool) ([]Record, error) {
	var dropped []Record
	err := b.change(ctx, "drop", func(c *contents, _ time.Time) (bool, error) {
		dropped = nil
		c.Records = slices.DeleteFunc(c.Records, func(r Record) bool {
			if !pick(&r) {
				return false
			}
			dropped = append(dropped, r)
			return true
		})
		return len(dropped) > 0, nil
	})
	return dropped, err
}

// Resume removes the stops that pick picks, and what led to them, and returns
// them: learning goes on.
func (b *Book) Resume(ctx context.Context, pick func(s Stop) bool) ([]Stop, error) {
	var ended []Stop
	err := b.change(ctx, "resume", func(c *contents, _ time.Time) (bool, error) {
		ended = nil
		c.Stops = slices.DeleteFunc(c.Stops, func(s Stop) bool {
			if !pick(s) {
				return false
			}
			ended = append(ended, s)
			return true
		})
		c.Outages = slices.DeleteFunc(c.Outages, func(o outage) bool {
			return slices.ContainsFunc(ended, func(s Stop) bool { return s.App == o.App && s.Version == o.Version })
		})
		return len(ended) > 0, nil
	})
	return ended, err
}
