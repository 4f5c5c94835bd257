// Package config turns fleet.yaml, the environment and the command line into
// one checked configuration. Order of precedence, lowest first: Default, the
// file, POSTFLEET_* variables, flags. Unknown keys are errors, and Load reports
// every problem at once, each with its key and its mend.
//
// It is the only package that imports viper, and only commands import it: they
// copy what a component needs into that component's own Config.
package config

import (
	"time"

	"postfleet/internal/claude/price"
)

// Config is fleet.yaml. The yaml tags are the keys that users write; what is
// computed from them stands in Derived. Every field's meaning and default is in
// docs/config.md.
type Config struct {
	Fleet      string `yaml:"fleet"`
	NumWorkers int    `yaml:"num_workers"`

	AppiumStartCmd      string   `yaml:"appium_start_cmd"`
	AppiumArgs          []string `yaml:"appium_args"`
	BaseAppiumPort      int      `yaml:"base_appium_port"`
	AppiumPortStep      int      `yaml:"appium_port_step"`
	SystemPortBase      int      `yaml:"system_port_base"`
	SystemPortBlockSize int      `yaml:"system_port_block_size"`
	Appium              Appium   `yaml:"appium"`

	DataDir  string `yaml:"data_dir"`
	LogDir   string `yaml:"log_dir"`
	TimeZone string `yaml:"time_zone"`

	Devices []Device `yaml:"devices"`

	Ledger    Ledger    `yaml:"ledger"`
	Restart   Restart   `yaml:"restart"`
	Retry     Retry     `yaml:"retry"`
	Shutdown  Shutdown  `yaml:"shutdown"`
	Accounts  Accounts  `yaml:"accounts"`
	Proxy     Proxy     `yaml:"proxy"`
	Recipe    string    `yaml:"recipe"`
	Navigator Navigator `yaml:"navigator"`
	Docker    Docker    `yaml:"docker"`
	Geelark   Geelark   `yaml:"geelark"`
	Dashboard Dashboard `yaml:"dashboard"`
}

// Device is one phone of the list. A list and not a map, because the names of a
// map would lose their case.
type Device struct {
	Name string `yaml:"name"`
	// Connect is "sim", "tcp://host:port", "usb", "adb-server://host:port",
	// "geelark://PHONE-NAME" or "geelark://by-account".
	Connect string `yaml:"connect"`
	// UDID is the phone's serial number. With usb and adb-server:// it is how the
	// phone is found, with tcp:// it is what the phone at the address must be.
	UDID string `yaml:"udid,omitempty"`
	// RotateURL is Proxy.RotateURL for this device alone, as secret as that.
	RotateURL string `yaml:"rotate_url,omitempty"`
	// Accounts are the only ones the device takes; none means any account that
	// no other device lists.
	Accounts []string `yaml:"accounts,omitempty"`
}

// Appium says when a worker stops its Appium server and starts another, between
// two jobs.
type Appium struct {
	// RecycleJobs is how many attempts one server serves; 0 is any number.
	RecycleJobs int `yaml:"recycle_jobs"`
	// RecycleMemory is what it may take, in Docker's notation; "0" is anything.
	RecycleMemory string `yaml:"recycle_memory"`
}

// Ledger is how progress.csv is kept.
type Ledger struct {
	// TrustFileSystem accepts a data directory on a file system whose locks and
	// renames usually cannot be trusted. They are probed all the same.
	TrustFileSystem bool `yaml:"trust_file_system"`
}

// Restart says how a slot brings its worker back.
type Restart struct {
	// Max restarts within Window; one more and the slot gives up.
	Max          int           `yaml:"max"`
	Window       time.Duration `yaml:"window"`
	Backoff      time.Duration `yaml:"backoff"`
	BackoffMax   time.Duration `yaml:"backoff_max"`
	HealthyAfter time.Duration `yaml:"healthy_after"`
}

// Retry is for failures of infrastructure before the share tap.
type Retry struct {
	MaxAttempts int           `yaml:"max_attempts"`
	Delay       time.Duration `yaml:"delay"`
}

// Shutdown bounds a drain.
type Shutdown struct {
	// Grace is from the first signal to the kill. The other timeouts nest in it.
	Grace time.Duration `yaml:"grace"`
}

// Accounts are rules for every account.
type Accounts struct {
	// MaxPostsPerDay caps an account's posts a day of Config.TimeZone; 0 is no cap.
	MaxPostsPerDay int `yaml:"max_posts_per_day"`
}

// Proxy is how the proxy is rotated before a job.
type Proxy struct {
	// RotateURL is a secret: it never appears in an error, a log or config show.
	RotateURL string        `yaml:"rotate_url"`
	Timeout   time.Duration `yaml:"timeout"`
	Attempts  int           `yaml:"attempts"`
	Required  bool          `yaml:"required"`
}

// Navigator decides the next action on a screen.
type Navigator struct {
	// Mode is ModeRecipe, ModeRecipeClaude or ModeClaude. The other keys but
	// MaxSteps are of the model, and of no effect with ModeRecipe.
	Mode     string `yaml:"mode"`
	Model    string `yaml:"model"`
	BaseURL  string `yaml:"base_url"`
	MaxSteps int    `yaml:"max_steps"`
	// MaxCallsPerJob is over all attempts at a job, as MaxCostUSDPerJob is. 0 of
	// any of the three lets nothing be asked: what was learned is used all the same.
	MaxCallsPerJob   int     `yaml:"max_calls_per_job"`
	MaxCostUSDPerJob float64 `yaml:"max_cost_usd_per_job"`
	MaxCostUSDPerRun float64 `yaml:"max_cost_usd_per_run"`
}

// Docker is what every worker's container is made of.
type Docker struct {
	Image string `yaml:"image"`
	// Network is "" for one of the fleet's own, see Derived.
	Network string `yaml:"network"`
	// Memory is in Docker's notation, such as 768m.
	Memory string `yaml:"memory"`
	// CPUs is in cores; 0 is no limit.
	CPUs float64 `yaml:"cpus"`
	PIDs int64   `yaml:"pids"`
}

// Dashboard is accepted and reported by Ignored: this version has none.
type Dashboard struct {
	Listen string `yaml:"listen"`
}

// SimulatedWorkers is how many workers a simulated fleet has when nothing says.
const SimulatedWorkers = 3

// The ways to decide, as navigator.mode has them.
const (
	// ModeRecipe asks no model, and needs no key.
	ModeRecipe = "recipe"
	// ModeRecipeClaude asks the model about what neither the recipe nor memory finds.
	ModeRecipeClaude = "recipe+claude"
	// ModeClaude asks it about everything but the irreversible step.
	ModeClaude = "claude"
)

// Default returns what holds when neither file, environment nor flag says
// otherwise. An empty LogDir is the folder logs of DataDir, and NumWorkers 0
// is one worker for each device.
func Default() Config {
	return Config{
		Fleet:               "default",
		AppiumStartCmd:      "appium",
		BaseAppiumPort:      4723,
		AppiumPortStep:      2,
		SystemPortBase:      8200,
		SystemPortBlockSize: 10,
		Appium:              Appium{RecycleJobs: 50, RecycleMemory: "400m"},
		DataDir:             "./data",
		TimeZone:            "UTC",
		Restart: Restart{
			Max: 5, Window: 10 * time.Minute, Backoff: time.Second,
			BackoffMax: time.Minute, HealthyAfter: time.Minute,
		},
		Retry:    Retry{MaxAttempts: 3, Delay: time.Minute},
		Shutdown: Shutdown{Grace: 5 * time.Minute},
		Proxy:    Proxy{Timeout: 10 * time.Second, Attempts: 3},
		Recipe:   "builtin:instagram-reel",
		Navigator: Navigator{
			Mode: ModeRecipe, Model: price.Default, BaseURL: "https://api.anthropic.com", MaxSteps: 30,
			MaxCallsPerJob: 12, MaxCostUSDPerJob: 0.15, MaxCostUSDPerRun: 5,
		},
		Docker:    Docker{Image: "postfleet-worker:dev", Memory: "768m", PIDs: 256},
		Geelark:   defaultGeelark(),
		Dashboard: Dashboard{Listen: "127.0.0.1:8480"},
	}
}
