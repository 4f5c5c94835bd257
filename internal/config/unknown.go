package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unknownKeys gathers a problem for each key that does not exist, and returns
// the names of all that contain one: the decoder complains about those.
func (s *source) unknownKeys() map[string]bool {
	parents := map[string]bool{}
	known := keyNames()
	keys := s.viper.AllKeys()
	slices.Sort(keys)
	for _, key := range keys {
		if slices.Contains(known, key) || isSection(key, known) {
			continue
		}
		if owner := valueKey(key, known); owner != "" {
			if !parents[owner] {
				s.found.addType(owner, nil, typeOf(owner))
			}
			parents[owner] = true
			continue
		}
		s.found.unknown(key, nearest(key, known))
		for parent := key; parent != ""; parents[parent] = true {
			parent = parent[:max(0, strings.LastIndexByte(parent, '.'))]
		}
	}
	s.unknownDeviceKeys(parents)
	return parents
}

func (s *source) unknownDeviceKeys(parents map[string]bool) {
	known := DeviceKeys()
	entries, _ := s.viper.Get("devices").([]any)
	for i, entry := range entries {
		at := fmt.Sprintf("devices[%d]", i)
		fields, _ := entry.(map[string]any)
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			if !slices.Contains(known, strings.ToLower(field)) {
				s.found.unknown(at+"."+field, nearest(field, known))
				parents[at] = true
			}
		}
	}
}

// isSection reports whether key is the name of a group, such as restart. When
// it holds no group, the decoder says so.
func isSection(key string, known []string) bool {
	return slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, key+".") })
}

// valueKey returns the known key that was given a group although it takes a
// value; "" when there is none.
func valueKey(key string, known []string) string {
	i := slices.IndexFunc(known, func(k string) bool { return strings.HasPrefix(key, k+".") })
	if i < 0 {
		return ""
	}
	return known[i]
}

func (p *problems) unknown(key, meant string) {
	mend := "remove it; docs/config.md lists the keys"
	if meant != "" {
		mend = "did you mean " + meant + "?"
	}
	p.add(key, nil, mend, "unknown key")
}
