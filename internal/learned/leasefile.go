package learned

import (
	"slices"
	"time"
)

// lease is the right to find out about a screen, as the file has it.
type lease struct {
	App    string    `yaml:"app"`
	Recipe string    `yaml:"recipe"`
	Screen string    `yaml:"screen"`
	Worker string    `yaml:"worker"`
	Token  string    `yaml:"token"`
	Until  time.Time `yaml:"until"`
}

func (l *lease) of(at Place) bool {
	return l.App == at.App && l.Recipe == at.Recipe && l.Screen == at.Screen.Key
}

// live reports whether a lease has not lapsed.
func (l *lease) live(now time.Time) bool { return lasts(l.Until, now) }

// lasts reports whether a right until then is one still. One that lasts longer
// than any is given for is from a clock that was set back since.
func lasts(until, now time.Time) bool {
	return now.Before(until) && until.Sub(now) <= leaseTime
}

// leaseOf returns the lease that somebody has on a screen, nil when nobody has.
func (c *contents) leaseOf(at Place, now time.Time) *lease {
	for i := range c.Leases {
		if l := &c.Leases[i]; l.of(at) && l.live(now) {
			return l
		}
	}
	return nil
}

// renew makes a lease last from now on. It reports whether it was still there.
func (c *contents) renew(token string, now time.Time) bool {
	for i := range c.Leases {
		if l := &c.Leases[i]; l.Token == token && l.live(now) {
			l.Until = now.Add(leaseTime)
			return true
		}
	}
	return false
}

// release ends a lease. It reports whether it was still there.
func (c *contents) release(token string) bool {
	before := len(c.Leases)
	c.Leases = slices.DeleteFunc(c.Leases, func(l lease) bool { return l.Token == token })
	return len(c.Leases) < before
}

// grant gives the worker the lease on a screen that nobody else has.
func (c *contents) grant(at Place, worker, token string, now time.Time) {
	c.Leases = slices.DeleteFunc(c.Leases, func(l lease) bool { return l.of(at) })
	c.Leases = append(c.Leases, lease{
		App: at.App, Recipe: at.Recipe, Screen: at.Screen.Key, Worker: worker, Token: token, Until: now.Add(leaseTime),
	})
}
