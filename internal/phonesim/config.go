package phonesim

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/android"
	"postfleet/internal/phonesim/app"
)

// What a phone claims to be.
const (
	manufacturer    = "Simulated"
	model           = "SimPhone 1"
	apiVersion      = "33"
	platformVersion = "13"
	displayDensity  = 420
)

// The packages that appium-uiautomator2-driver 8.7 brings, in the versions it
// brings them in. A phone that has them is not made to install them.
const (
	settingsVersion, settingsVersionCode     = "8.0.9", 191
	automationVersion, automationVersionCode = "10.6.6", 278
)

// Language is a phone's language, as a BCP-47 tag.
type Language = app.Language

// Auth is how a phone treats adb's keys.
type Auth string

// The ways. A phone that refuses stays "unauthorized".
const (
	AuthNone   Auth = ""
	AuthAccept Auth = "accept"
	AuthRefuse Auth = "refuse"
)

// Config is what New needs.
type Config struct {
	// ADBAddress and ControlAddress are host:port; port 0 is any free one. With
	// "" adb is shut until OpenADB, and the control API only a Handler.
	ADBAddress, ControlAddress string
	// HostFunc hears of every adb host that connected, by its host:port, and of
	// its going. It may be nil.
	HostFunc func(remote string) (gone func())
	// StateFile is where posts are kept; with "" they are forgotten with the phone.
	StateFile string
	// PeersDir holds the state files (*.json) of all phones of the fleet, whose
	// posts the profile shows together; "" is none.
	PeersDir string
	// Accounts are logged in from the start, the first one in front.
	Accounts []string
	// Serial is the phone's serial number.
	Serial string
	// Preinstalled says that the Appium packages are on the phone already.
	Preinstalled bool
	// InstrumentationDelay is how long the UiAutomator2 server takes to listen.
	InstrumentationDelay time.Duration
	// BootTime is how long a reboot takes that does not say it.
	BootTime time.Duration
	// Language is what the phone is set to; "" is English.
	Language Language
	// UploadTime is how long sharing takes; 0 is the app's default.
	UploadTime time.Duration
	Auth       Auth
	// ScratchDir is where file contents lie while the phone runs, in a
	// directory of their own; "" is the system's directory for such things.
	ScratchDir string
	// Logger gets what happens to the phone; nil discards it.
	Logger *slog.Logger
}

const defaultBootTime = 2 * time.Second

func (c Config) withDefaults() Config {
	if c.BootTime == 0 {
		c.BootTime = defaultBootTime
	}
	if c.Language == "" {
		c.Language = app.English
	}
	if c.Serial == "" {
		c.Serial = "SIM0000"
	}
	if c.Logger == nil {
		c.Logger = logging.Discard()
	}
	return c
}

// Validate tells everything that is wrong with c.
func (c Config) Validate() error {
	var problems []error
	if len(c.Accounts) == 0 {
		problems = append(problems, errors.New("a phone needs at least one account"))
	}
	switch c.Auth {
	case AuthNone, AuthAccept, AuthRefuse:
	default:
		problems = append(problems, fmt.Errorf("auth %q is none of accept and refuse", c.Auth))
	}
	if err := c.Language.Validate(); err != nil {
		problems = append(problems, err)
	}
	for name, d := range map[string]time.Duration{
		"instrumentation delay": c.InstrumentationDelay, "boot time": c.BootTime, "upload time": c.UploadTime,
	} {
		if d < 0 {
			problems = append(problems, fmt.Errorf("%s %s is negative", name, d))
		}
	}
	return errors.Join(problems...)
}

// appiumPackages are what the driver would install.
func appiumPackages() []android.Package {
	return []android.Package{
		{
			Name: "io.appium.settings", VersionName: settingsVersion, VersionCode: settingsVersionCode,
			Activity: "io.appium.settings.Settings",
		},
		{Name: android.AutomationPackage, VersionName: automationVersion, VersionCode: automationVersionCode},
		{
			Name: android.AutomationTestPackage, Target: android.AutomationPackage,
			Instrumentation: "androidx.test.runner.AndroidJUnitRunner",
		},
	}
}
