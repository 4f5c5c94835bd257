package learned

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// format is the only one there is.
const format = 1

// FileName is the file's name in the data directory.
const FileName = "learned.yaml"

// contents is the file.
type contents struct {
	Format int `yaml:"learned"`
	// Revision is the last one that a record got.
	Revision int64    `yaml:"revision"`
	Stops    []Stop   `yaml:"stops,omitempty"`
	Leases   []lease  `yaml:"leases,omitempty"`
	Outages  []outage `yaml:"outages,omitempty"`
	Records  []Record `yaml:"records"`
}

// check says what the decoder cannot: an empty document is no memory.
func (c *contents) check() error {
	if c.Format != format {
		return fmt.Errorf("format %d", c.Format)
	}
	seen := make(map[string]bool, len(c.Records))
	for i := range c.Records {
		switch r := &c.Records[i]; {
		case r.ID == "":
			return errors.New("a record without an id")
		case seen[r.ID]:
			return fmt.Errorf("record %s twice", r.ID)
		case !r.known():
			return fmt.Errorf("record %s: state %q, kind %q", r.ID, r.State, r.Kind)
		default:
			seen[r.ID] = true
		}
	}
	return nil
}

func (r *Record) known() bool {
	states := []State{StateCandidate, StateTrusted, StateQuarantined, StateRetired}
	return slices.Contains(states, r.State) && (r.Kind == KindElement || r.Kind == KindInterruption)
}

// clone returns a copy that may be changed: whatever is in it may be exchanged,
// and lists in records are added to only as copies.
func (c *contents) clone() contents {
	d := *c
	d.Stops, d.Leases = slices.Clone(c.Stops), slices.Clone(c.Leases)
	d.Outages, d.Records = slices.Clone(c.Outages), slices.Clone(c.Records)
	return d
}

// find returns the record with an id, nil when there is none.
func (c *contents) find(id string) *Record {
	i := slices.IndexFunc(c.Records, func(r Record) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Records[i]
}

// touch gives a record that was changed its revision.
func (c *contents) touch(r *Record) {
	c.Revision++
	r.Revision = c.Revision
}

// put stores a record in the place of all that it rivals, so that there is
// never more than one of them.
func (c *contents) put(r Record) {
	c.Records = slices.DeleteFunc(c.Records, func(o Record) bool { return o.rivals(&r) })
	c.touch(&r)
	c.Records = append(c.Records, r)
}

// tidy drops what is of no use any more, before each write.
func (c *contents) tidy(now time.Time, limits Limits) {
	c.Format = format
	c.Leases = slices.DeleteFunc(c.Leases, func(l lease) bool { return !l.live(now) })
	c.Outages = slices.DeleteFunc(c.Outages, func(o outage) bool { return now.Sub(o.At) > stormWindow })
	// What a person wrote twice counts once: the one that was used last.
	kept := c.Records[:0]
	slices.SortStableFunc(c.Records, func(a, b Record) int { return b.LastUsed().Compare(a.LastUsed()) })
	size := 0
	for _, r := range c.Records {
		rival := slices.ContainsFunc(kept, func(o Record) bool { return o.rivals(&r) })
		full := len(kept) == limits.Records || size+r.size() > limits.Bytes
		if rival || full || now.Sub(r.LastUsed()) > limits.Unused {
			continue
		}
		size += r.size()
		kept = append(kept, r)
	}
	clear(c.Records[len(kept):])
	c.Records = kept
}

// size is about what a record takes in the file, in bytes, and rather more.
func (r *Record) size() int {
	const fixed, each = 700, 16
	n := fixed + len(r.Screen.Key)
	for _, s := range slices.Concat(r.Screen.Signs, r.Workers, r.VersionsOK) {
		n += len(s) + each
	}
	for _, f := range r.Find {
		n += len(f.ID) + len(f.Class) + len(f.Desc) + len(f.Text) + len(f.Within) + len(f.Below) + 8*each
	}
	return n
}
