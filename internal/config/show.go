package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// redacted stands for a secret.
const redacted = "(redacted)"

// YAML returns the configuration as fleet.yaml would hold it: every key written
// out, paths absolute, without its secrets.
func (r Resolved) YAML() ([]byte, error) {
	c := r.Config
	c.NumWorkers, c.DataDir, c.LogDir = r.Derived.Workers, r.Derived.DataDir, r.Derived.LogDir
	if c.Proxy.RotateURL != "" {
		c.Proxy.RotateURL = redacted
	}
	c.Devices = slices.Clone(c.Devices)
	for i := range c.Devices {
		if c.Devices[i].RotateURL != "" {
			c.Devices[i].RotateURL = redacted
		}
	}
	b, err := yaml.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write configuration as YAML: %w", err)
	}
	return b, nil
}

// Ignored says, one sentence each, what was set but has no effect: keys of
// parts that this version does not have, devices without a worker, and
// variables that nearly are a key's.
func (r Resolved) Ignored() []string { return r.ignored }

func (s *source) ignored(c Config) []string {
	var notes []string
	if key := "dashboard.listen"; s.viper.IsSet(key) {
		notes = append(notes, s.of(key)+": "+key+": has no effect in this version")
	}
	for _, key := range []string{
		"navigator.model", "navigator.base_url", "navigator.max_calls_per_job",
		"navigator.max_cost_usd_per_job", "navigator.max_cost_usd_per_run",
	} {
		if s.viper.IsSet(key) && !c.Navigator.AsksModel() {
			notes = append(notes, s.of(key)+": "+key+": has no effect with navigator.mode "+c.Navigator.Mode)
		}
	}
	for i, d := range c.Devices {
		at := fmt.Sprintf("devices[%d]", i)
		if i >= c.workers() {
			notes = append(notes, fmt.Sprintf("%s: %s: %s is not used: num_workers is %d",
				s.of(at), at, d.Name, c.workers()))
		}
		if kind, _ := d.Connection(); d.UDID != "" && (kind == KindSim || kind == KindGeelark) {
			notes = append(notes, fmt.Sprintf("%s: %s.udid: has no effect on such a device", s.of(at), at))
		}
	}
	return append(notes, s.strays...)
}
