package learned

import (
	"fmt"
	"slices"
	"time"
)

const (
	// stormWindow is how long an outage counts.
	stormWindow = time.Hour
	// minOutages and stormShare are when there are too many of them: at least so
	// many, and more than one in so many of the records in use.
	minOutages = 3
	stormShare = 5
)

// outage is a record that failures took out.
type outage struct {
	App     string    `yaml:"app"`
	Version string    `yaml:"version"`
	Record  string    `yaml:"record"`
	At      time.Time `yaml:"at"`
}

// Stop is a version of an app for which nothing more is learned. What is
// trusted is used all the same.
type Stop struct {
	App     string    `yaml:"app"`
	Version string    `yaml:"version"`
	Since   time.Time `yaml:"since"`
	// Out of Used records were taken out within an hour.
	Out  int `yaml:"out"`
	Used int `yaml:"used"`
}

// Err is the stop as an error: ErrLearningOff, and why.
func (s Stop) Err() error {
	return fmt.Errorf("%w: %s %s: %d of %d records in use were wrong within an hour, at %s",
		ErrLearningOff, s.App, s.Version, s.Out, s.Used, s.Since.UTC().Format(time.RFC3339))
}

// stopped returns why nothing is learned for a version, nil when it may be.
func (c *contents) stopped(app, version string) error {
	for _, s := range c.Stops {
		if s.App == app && s.Version == version {
			return s.Err()
		}
	}
	return nil
}

// takenOut notes that failures took a record out, and returns the stop that
// follows, if one does.
func (c *contents) takenOut(r *Record, version string, now time.Time) *Stop {
	c.Outages = append(c.Outages, outage{App: r.App, Version: version, Record: r.ID, At: now})
	out := map[string]bool{}
	for _, o := range c.Outages {
		if o.App == r.App && o.Version == version && now.Sub(o.At) <= stormWindow {
			out[o.Record] = true
		}
	}
	used := len(out)
	for i := range c.Records {
		if o := &c.Records[i]; o.App == r.App && !out[o.ID] && o.inUse(version, now) {
			used++
		}
	}
	if len(out) < minOutages || len(out)*stormShare <= used || c.stopped(r.App, version) != nil {
		return nil
	}
	c.Stops = append(c.Stops, Stop{App: r.App, Version: version, Since: now, Out: len(out), Used: used})
	return new(c.Stops[len(c.Stops)-1])
}

// inUse reports whether the record worked with a version lately.
func (r *Record) inUse(version string, now time.Time) bool {
	return now.Sub(r.LastOK) <= stormWindow+flushEvery && slices.Contains(r.VersionsOK, version)
}
