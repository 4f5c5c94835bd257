package android

import (
	"maps"
	"slices"
	"sync"
)

// table is a set of named strings: properties, or settings.
type table struct {
	mu     sync.Mutex
	values map[string]string
}

func newTable(values map[string]string) *table {
	if values == nil {
		values = map[string]string{}
	}
	return &table{values: values}
}

func (t *table) get(name string) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v, ok := t.values[name]
	return v, ok
}

func (t *table) set(name, value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.values[name] = value
}

// remove reports whether there was such a name.
func (t *table) remove(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.values[name]
	delete(t.values, name)
	return ok
}

func (t *table) names() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.values))
}
