package config

import (
	"reflect"
	"strings"
)

// EnvPrefix begins every environment variable that sets a key.
const EnvPrefix = "POSTFLEET_"

// Key is one key of fleet.yaml.
type Key struct {
	// Name is dotted, for example restart.max.
	Name string
	// Env is the variable that sets it.
	Env string
	// Default is its value in Default.
	Default any
	// Secret keys never show their value.
	Secret bool
}

// Keys lists every key in the order of Config. A list, such as devices, is one
// key: DeviceKeys has what its entries hold.
func Keys() []Key {
	return structKeys("", reflect.ValueOf(Default()))
}

// DeviceKeys are the keys of an entry of devices.
func DeviceKeys() []string {
	var names []string
	for _, k := range structKeys("", reflect.ValueOf(Device{})) {
		names = append(names, k.Name)
	}
	return names
}

func structKeys(prefix string, v reflect.Value) []Key {
	var keys []Key
	for i := range v.NumField() {
		tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		name := prefix + tag
		if v.Field(i).Kind() == reflect.Struct {
			keys = append(keys, structKeys(name+".", v.Field(i))...)
			continue
		}
		keys = append(keys, Key{
			Name:    name,
			Env:     EnvPrefix + strings.ToUpper(strings.ReplaceAll(name, ".", "_")),
			Default: v.Field(i).Interface(),
			Secret:  name == secretKey,
		})
	}
	return keys
}

const secretKey = "proxy.rotate_url"

// isSecret reports a key whose value is never shown, a device's included.
func isSecret(name string) bool {
	return name == secretKey || strings.HasPrefix(name, "devices[") && strings.HasSuffix(name, ".rotate_url")
}

// nearest returns the candidate that name was probably meant to be; "" when
// none is close.
func nearest(name string, candidates []string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, c := range candidates {
		if d := distance(name, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short ASCII words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func keyNames() []string {
	var names []string
	for _, k := range Keys() {
		names = append(names, k.Name)
	}
	return names
}

// rootOf returns the key of Keys that a FieldError's Field belongs to, for
// example devices for devices[1].udid.
func rootOf(field string) string {
	root, _, _ := strings.Cut(field, "[")
	return root
}
