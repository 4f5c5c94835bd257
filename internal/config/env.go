package config

import (
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// workerSettings is the variable by which a worker gets its settings. It has
// the prefix but is no key.
const workerSettings = EnvPrefix + "WORKER"

// readEnv takes every key's variable. An empty variable is as good as none.
// Numbers, truth values and lists are written as in YAML.
func (s *source) readEnv(environ []string) {
	byEnv := map[string]Key{}
	var names []string
	for _, k := range Keys() {
		byEnv[k.Env] = k
		names = append(names, strings.TrimPrefix(k.Env, EnvPrefix))
	}
	for _, entry := range environ {
		name, text, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, EnvPrefix) || text == "" || name == workerSettings {
			continue
		}
		key, ok := byEnv[name]
		if !ok {
			if meant := nearest(strings.TrimPrefix(name, EnvPrefix), names); meant != "" {
				s.strays = append(s.strays, name+": is no key's variable: did you mean "+EnvPrefix+meant+"?")
			}
			continue
		}
		s.named[key.Name] = name
		s.setEnv(key, text)
	}
}

func (s *source) setEnv(key Key, text string) {
	t := reflect.TypeOf(key.Default)
	if t.Kind() == reflect.String || t == reflect.TypeFor[time.Duration]() {
		s.viper.Set(key.Name, text)
		return
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		s.found.add(key.Name, text, "write it as in YAML, lists as [a, b]", "is not YAML")
		return
	}
	s.viper.Set(key.Name, value)
}
