package config

import (
	"fmt"
	"regexp"
	"strings"
)

func (c Config) checkDevices(p *problems) {
	switch {
	case len(c.Devices) == 0:
		p.add("devices", nil, "list one for each worker, or use --simulate", "none is listed")
	case c.NumWorkers > len(c.Devices):
		p.add("num_workers", c.NumWorkers, "list more devices or lower num_workers",
			"is more than the %d devices: a worker needs a device of its own", len(c.Devices))
	}
	seen := firsts{}
	for i, d := range c.Devices {
		at := fmt.Sprintf("devices[%d]", i)
		checkDevice(p, at, d)
		address, _ := parseConnect(d.Connect)
		seen.check(p, at, "name", d.Name)
		seen.check(p, at, "connect", address)
		seen.check(p, at, "udid", d.UDID)
		for _, account := range d.Accounts {
			seen.check(p, at, "accounts", account)
		}
	}
}

func checkDevice(p *problems, at string, d Device) {
	if !regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`).MatchString(d.Name) {
		p.add(at+".name", d.Name, "use letters, digits, -, _ and .", "is no name for a device")
	}
	if _, err := parseConnect(d.Connect); err != nil {
		p.add(at+".connect", d.Connect, "", "%w", err)
	}
	for _, account := range d.Accounts {
		if account == "" || account != strings.TrimSpace(account) {
			p.add(at+".accounts", account, "write it as in jobs.csv", "is no account name")
		}
	}
}

// firsts remembers who had a value first, by field and value.
type firsts map[[2]string]string

func (f firsts) check(p *problems, at, field, value string) {
	if value == "" {
		return
	}
	key := [2]string{field, strings.ToLower(value)}
	first, taken := f[key]
	if !taken {
		f[key] = at
		return
	}
	mend := "give every device its own"
	if first == at {
		mend = "list it once"
	}
	p.add(at+"."+field, value, mend, "is %s's already", first)
}
