package geelark

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim"
)

// PhoneSpec is one phone of the account.
type PhoneSpec struct {
	// Name is what the API calls serialName.
	Name string
	// Accounts are logged in on it, the first one in front; none is one of the
	// phone's name.
	Accounts []string
	Group    string
	Tags     []string
}

// Limits are how often each call may be made.
type Limits struct {
	PerMinute, PerHour int
	// LockAfter is how many refused calls in one minute lock the call.
	LockAfter int
	// LockTime is how long a call stays locked.
	LockTime time.Duration
}

// The documented limits. When hammering locks a call is not documented.
const (
	defaultPerMinute = 200
	defaultPerHour   = 24000
	defaultLockAfter = 100
	defaultLockTime  = 2 * time.Hour
	defaultIdleTime  = 30 * time.Minute
)

// Config is what New needs.
type Config struct {
	// APIAddress and ControlAddress are host:port; port 0 is any free one.
	APIAddress, ControlAddress string
	// Token, and AppID with APIKey, are the two ways in; one of them must be set.
	Token, AppID, APIKey string
	Phones               []PhoneSpec
	// ADBHost is where the phones' adbd listen, "" for all addresses, each on a
	// port of its own from PortFirst to PortLast, another one each time.
	ADBHost             string
	PortFirst, PortLast int
	// Advertise are the addresses that the API tells for adb, one of them by
	// chance each time; none is 127.0.0.1.
	Advertise []string
	// StateDir keeps posts and meter over restarts; phones that ran still do
	// afterwards. With "" all is forgotten.
	StateDir string
	// Seed is where all chance comes from.
	Seed uint64
	// Scale shortens starting (12 to 120 s), ADB's coming up (3 s) and uploads;
	// 0 is 1.
	Scale float64
	// StuckChance is how often ADB does not come up until it is set off and on.
	StuckChance float64
	// IdleTime is after how long idle phones in energy saving mode shut down; 0
	// is 30 minutes.
	IdleTime time.Duration
	// Limits that are 0 are the documented ones.
	Limits Limits
	// InstrumentationDelay, UploadTime and Language are as in phonesim.Config.
	InstrumentationDelay, UploadTime time.Duration
	Language                         phonesim.Language
	// Logger gets what happens; nil discards it.
	Logger *slog.Logger
}

func (c Config) withDefaults() Config {
	set(&c.Scale, 1)
	set(&c.IdleTime, defaultIdleTime)
	set(&c.Limits.PerMinute, defaultPerMinute)
	set(&c.Limits.PerHour, defaultPerHour)
	set(&c.Limits.LockAfter, defaultLockAfter)
	set(&c.Limits.LockTime, defaultLockTime)
	if len(c.Advertise) == 0 {
		c.Advertise = []string{"127.0.0.1"}
	}
	if c.Logger == nil {
		c.Logger = logging.Discard()
	}
	return c
}

func set[T comparable](field *T, standard T) {
	var zero T
	if *field == zero {
		*field = standard
	}
}

// Validate tells everything that is wrong with c.
func (c Config) Validate() error {
	problems := []error{c.validatePhones(), c.validateNumbers(), c.Language.Validate()}
	if c.Token == "" && (c.AppID == "" || c.APIKey == "") {
		problems = append(problems, errors.New("neither a token nor an app id with its key is set"))
	}
	ports := c.PortLast - c.PortFirst + 1
	if c.PortFirst < 1 || c.PortLast > 65535 || ports < len(c.Phones)+1 {
		problems = append(problems, fmt.Errorf("ports %d-%d: %d phones need one more port than they are",
			c.PortFirst, c.PortLast, len(c.Phones)))
	}
	return errors.Join(problems...)
}

func (c Config) validatePhones() error {
	var problems []error
	if len(c.Phones) == 0 {
		problems = append(problems, errors.New("a cloud needs at least one phone"))
	}
	seen := map[string]bool{}
	for _, p := range c.Phones {
		if strings.TrimSpace(p.Name) == "" {
			problems = append(problems, errors.New("a phone has no name"))
		}
		if slices.ContainsFunc(p.Accounts, func(a string) bool { return strings.TrimSpace(a) == "" }) {
			problems = append(problems, fmt.Errorf("phone %q has an account without a name", p.Name))
		}
		if seen[p.Name] {
			problems = append(problems, fmt.Errorf("two phones are named %q", p.Name))
		}
		seen[p.Name] = true
	}
	return errors.Join(problems...)
}

func (c Config) validateNumbers() error {
	var problems []error
	l := c.Limits
	if c.Scale < 0 || c.IdleTime < 0 || c.InstrumentationDelay < 0 || c.UploadTime < 0 || l.LockTime < 0 {
		problems = append(problems, errors.New("a time is negative"))
	}
	if c.StuckChance < 0 || c.StuckChance > 1 {
		problems = append(problems, fmt.Errorf("chance %v is not from 0 to 1", c.StuckChance))
	}
	if l.PerMinute < 0 || l.PerHour < 0 || l.LockAfter < 0 {
		problems = append(problems, errors.New("a limit is negative"))
	}
	return errors.Join(problems...)
}
