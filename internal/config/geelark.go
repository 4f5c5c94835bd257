package config

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/docker/go-units"
)

// Geelark is how cloud phones are rented. The credentials are no keys: see
// Secrets.
type Geelark struct {
	BaseURL string `yaml:"base_url"`
	// KeepWarm is how long a phone without a job stays on for the next of its own.
	KeepWarm time.Duration `yaml:"keep_warm"`
	// EnergySaving has the phone shut itself down after 30 idle minutes.
	EnergySaving bool `yaml:"energy_saving"`
	// StartTimeout, ADBTimeout and StopTimeout bound what a phone may take to
	// start, then to open adb, and to stop.
	StartTimeout time.Duration `yaml:"start_timeout"`
	ADBTimeout   time.Duration `yaml:"adb_timeout"`
	StopTimeout  time.Duration `yaml:"stop_timeout"`
	// LoginEvery is how often the login of adb is renewed.
	LoginEvery time.Duration `yaml:"login_every"`
	// PollEvery is the first wait between two questions whether something is done.
	PollEvery time.Duration `yaml:"poll_every"`
	// RequestsPerMinute is what each API is asked at most.
	RequestsPerMinute int `yaml:"requests_per_minute"`
	// SlowLink is a rate in bytes a second, in Docker's notation: a video that
	// adb brings more slowly goes through the API. "0" is never.
	SlowLink string `yaml:"slow_link"`
}

// ByAccount is the phone name of a device whose phone is the one named as its
// job's account.
const ByAccount = "by-account"

const (
	// maxRequests is the service's own limit.
	maxRequests = 200
	leastPoll   = 10 * time.Millisecond
)

func defaultGeelark() Geelark {
	return Geelark{
		BaseURL: "https://openapi.geelark.com", EnergySaving: true,
		StartTimeout: 4 * time.Minute, ADBTimeout: 2 * time.Minute, StopTimeout: 3 * time.Minute,
		LoginEvery: 5 * time.Minute, PollEvery: 2 * time.Second,
		RequestsPerMinute: maxRequests, SlowLink: "64k",
	}
}

// CloudPhone returns the name of the cloud phone that a device is, or ByAccount;
// "" when it is none.
func (d Device) CloudPhone() string {
	name, ok := strings.CutPrefix(d.Connect, KindGeelark+"://")
	if !ok {
		return ""
	}
	return name
}

// HasCloudPhones reports whether a worker's device is a cloud phone.
func (r Resolved) HasCloudPhones() bool { return r.cloudDevice() >= 0 }

// cloudDevice is the first worker's device that is a cloud phone; -1 for none.
func (c Config) cloudDevice() int {
	for i, d := range c.Devices {
		if i < c.workers() && d.CloudPhone() != "" {
			return i
		}
	}
	return -1
}

func parseCloudPhone(name string) error {
	if name == "" || name != strings.TrimSpace(name) {
		return errors.New("names no phone: write geelark://PHONE-NAME or geelark://" + ByAccount)
	}
	return nil
}

func (c Config) checkGeelark(p *problems) {
	g := c.Geelark
	u, err := url.Parse(g.BaseURL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		// Not shown: what was put there by mistake may be a secret.
		p.add("geelark.base_url", nil, "write https://openapi.geelark.com", "is no address of a service")
	}
	for _, t := range []struct {
		key          string
		value, least time.Duration
	}{
		{"geelark.keep_warm", g.KeepWarm, 0},
		{"geelark.start_timeout", g.StartTimeout, time.Second},
		{"geelark.adb_timeout", g.ADBTimeout, time.Second},
		{"geelark.stop_timeout", g.StopTimeout, time.Second},
		{"geelark.login_every", g.LoginEvery, time.Second},
		{"geelark.poll_every", g.PollEvery, leastPoll},
	} {
		if t.value < t.least {
			p.add(t.key, t.value, "use "+t.least.String()+" or more", "is too short")
		}
	}
	if g.RequestsPerMinute < 1 || g.RequestsPerMinute > maxRequests {
		p.add("geelark.requests_per_minute", g.RequestsPerMinute,
			"use 1 to 200, the service's own limit", "is out of range")
	}
	if _, err := units.RAMInBytes(g.SlowLink); err != nil {
		p.add("geelark.slow_link", g.SlowLink, "write a number and a unit, such as 64k, or 0 for never", "is no size")
	}
}

// The variables that hold GeeLark's credentials.
const (
	EnvGeelarkToken  = "GEELARK_TOKEN"
	EnvGeelarkAppID  = "GEELARK_APP_ID"
	EnvGeelarkAPIKey = "GEELARK_API_KEY"
)

// Complete reports whether one can sign with them.
func (s Secrets) Complete() bool {
	return s.GeelarkToken != "" || s.GeelarkAppID != "" && s.GeelarkAPIKey != ""
}

// readGeelark reads them, and gathers problems of cloud phones without.
func (s *source) readGeelark(c Config, environ []string, secrets *Secrets) {
	secrets.GeelarkToken = s.secret(environ, EnvGeelarkToken)
	secrets.GeelarkAppID = s.secret(environ, EnvGeelarkAppID)
	secrets.GeelarkAPIKey = s.secret(environ, EnvGeelarkAPIKey)
	at := c.cloudDevice()
	switch {
	case at < 0:
	case secrets.GeelarkToken != "" && (secrets.GeelarkAppID != "" || secrets.GeelarkAPIKey != ""):
		s.found.add(EnvGeelarkToken, nil, "unset one of the two",
			"is set, and so is "+EnvGeelarkAppID+" or "+EnvGeelarkAPIKey)
	case !secrets.Complete():
		s.found.add(EnvGeelarkToken, nil, "set it, or "+EnvGeelarkAppID+" and "+EnvGeelarkAPIKey+
			", or name files with _FILE after the names", "is not set, and %s is a cloud phone", c.Devices[at].Name)
	}
}
