package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"

	"postfleet/internal/fault"
)

// DefaultFile is read when no file is named and it exists.
const DefaultFile = "fleet.yaml"

// Options say where a configuration comes from.
type Options struct {
	// Path is the file; "" is DefaultFile if there is one in the working directory.
	Path string
	// Environ is as os.Environ returns it.
	Environ []string
	// Flags are applied last.
	Flags []Override
	// Simulate replaces the devices by sim-0, sim-1, …, one for each worker.
	Simulate bool
	// Only, when not empty, limits what is checked to these keys: for commands
	// that must work whatever state the rest is in, such as status and stop.
	Only []string
}

// Override is a value from the command line.
type Override struct {
	// Flag is its name as users write it, for example --workers.
	Flag  string
	Key   string
	Value any
}

// Resolved is a configuration that was checked, with what follows from it.
type Resolved struct {
	Config
	Derived Derived
	Secrets Secrets

	ignored []string
}

// Load reads, merges and checks. Its error joins one FieldError for each
// problem and carries fault.Input.
func Load(opts Options) (Resolved, error) {
	src, err := read(opts)
	if err != nil {
		return Resolved{}, fault.Mark(fault.Input, err)
	}
	cfg := src.decode()
	if opts.Simulate {
		cfg.simulate()
	}
	secrets := src.readSecrets(cfg, opts.Environ)
	err = errors.Join(src.found.err(), src.found.besides(cfg.Validate()))
	if err := src.explain(err, opts.Only); err != nil {
		return Resolved{}, fault.Mark(fault.Input, err)
	}
	derived, err := derive(cfg)
	if err != nil && len(opts.Only) == 0 {
		return Resolved{}, fault.Mark(fault.Input, err)
	}
	return Resolved{Config: cfg, Derived: derived, Secrets: secrets, ignored: src.ignored(cfg)}, nil
}

// source is a configuration on its way: the merged settings, and who set what.
type source struct {
	viper *viper.Viper
	file  string
	// named has the flag or variable that set a key.
	named map[string]string
	// strays are variables that look like a key's but are not.
	strays []string
	found  problems
}

func read(opts Options) (*source, error) {
	s := &source{viper: viper.New(), file: opts.Path, named: map[string]string{}}
	if s.file == "" {
		if _, err := os.Stat(DefaultFile); !errors.Is(err, fs.ErrNotExist) {
			s.file = DefaultFile
		}
	}
	if s.file != "" {
		if err := s.readFile(); err != nil {
			return nil, err
		}
	}
	s.readEnv(opts.Environ)
	for _, o := range opts.Flags {
		s.viper.Set(o.Key, o.Value)
		s.named[o.Key] = o.Flag
	}
	return s, nil
}

func (s *source) readFile() error {
	s.viper.SetConfigFile(s.file)
	s.viper.SetConfigType("yaml")
	err := s.viper.ReadInConfig()
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no such file: name an existing one with --config", s.file)
	}
	if parse, ok := errors.AsType[viper.ConfigParseError](err); ok {
		return fmt.Errorf("%s: is not YAML: %w", s.file, parse.Unwrap())
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", s.file, err)
	}
	return nil
}

// decode merges everything over Default. All mistakes of form are gathered:
// unknown keys, and values of the wrong kind.
func (s *source) decode() Config {
	cfg := Default()
	strangers := s.unknownKeys()
	err := s.viper.UnmarshalExact(&cfg, func(c *mapstructure.DecoderConfig) {
		c.TagName = "yaml"
		// "num_workers: yes" is not one worker, and udid 0123 is not 83.
		c.WeaklyTypedInput = false
		c.DecodeHook = mapstructure.ComposeDecodeHookFunc(toDuration, wholeNumber)
	})
	walk(err, func(e error) bool {
		bad, ok := e.(*mapstructure.DecodeError) //nolint:errorlint // walk visits each error itself
		if ok && !strangers[bad.Name()] {
			s.found.addDecode(bad)
		}
		return !ok
	})
	return cfg
}

// explain names in every problem the place its value came from, and drops the
// problems with keys that are not asked for.
func (s *source) explain(err error, only []string) error {
	var kept []error
	for _, p := range Problems(err) {
		if len(only) > 0 && !slices.Contains(only, rootOf(p.Field)) {
			continue
		}
		p.Source = s.of(p.Field)
		kept = append(kept, p)
	}
	return errors.Join(kept...)
}

// of returns where the value of a field came from.
func (s *source) of(field string) string {
	root := rootOf(field)
	if name, ok := s.named[root]; ok {
		return name
	}
	if s.file == "" {
		return DefaultFile // where it would have to be mended
	}
	return filepath.Base(s.file)
}

// simulate puts a simulated phone in the place of each device. Which accounts a
// device takes stays as it was.
func (c *Config) simulate() {
	c.NumWorkers = c.workers()
	if c.NumWorkers < 1 {
		c.NumWorkers = SimulatedWorkers
	}
	listed := c.Devices
	c.Devices = make([]Device, c.NumWorkers)
	for n := range c.Devices {
		c.Devices[n] = Device{Name: fmt.Sprintf("sim-%d", n), Connect: KindSim}
		if n < len(listed) {
			c.Devices[n].Accounts, c.Devices[n].RotateURL = listed[n].Accounts, listed[n].RotateURL
		}
	}
}
