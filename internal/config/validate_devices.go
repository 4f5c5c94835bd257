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
		seen.check(p, at, "name", d.Name)
		seen.check(p, at, "connect", d.place())
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
	c, err := parseConnect(d.Connect)
	if err != nil {
		p.add(at+".connect", d.Connect, "", "%w", err)
	}
	checkUDID(p, at, c.kind, d.UDID)
	checkRotateURL(p, at+".rotate_url", d.RotateURL)
	for _, account := range d.Accounts {
		if account == "" || account != strings.TrimSpace(account) {
			p.add(at+".accounts", account, "write it as in jobs.csv", "is no account name")
		}
	}
}

// checkUDID: by their serial numbers, phones on USB are found. A word of any
// other form would be a pattern, or an option, to some adb.
func checkUDID(p *problems, at, kind, udid string) {
	switch {
	case udid == "" && (kind == KindUSB || kind == KindADBServer):
		p.add(at+".udid", nil, "write the serial number that 'adb devices' shows", "is missing: %s needs it", kind)
	case udid != "" && !regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._:-]*$`).MatchString(udid):
		p.add(at+".udid", udid, "write the serial number that 'adb devices' shows", "is no serial number")
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
