package price

// Model is one that may be asked, with the price of a single token.
type Model struct {
	ID string
	// CacheWrite is of the cache that keeps for five minutes.
	Input, Output, CacheWrite, CacheRead Money
	// TakesEffort says that the model may be told how hard to think.
	TakesEffort bool
}

// Default is the model that is asked when nobody names one: what it has to find
// is on the screen, and it is by far the cheapest.
const Default = "claude-haiku-5-5"

// perMillion is a price as lists have it: in dollars for a million tokens.
func perMillion(dollars float64) Money { return USD(dollars) / 1e6 }

// Models are all that have a price here, the cheapest first. The prices are
// those of October 2026.
func Models() []Model {
	all := []struct {
		id                   string
		in, out, write, read float64
		takesEffort          bool
	}{
		{Default, 0.10, 0.50, 0.125, 0.01, true},
		{"claude-haiku-4-5", 1, 5, 1.25, 0.10, false},
		{"claude-sonnet-5-5", 2, 10, 2.50, 0.10, true},
		{"claude-opus-5-5", 4, 20, 5, 0.20, true},
		{"claude-fable-5-1", 10, 50, 12.50, 0.25, true},
	}
	models := make([]Model, len(all))
	for i, m := range all {
		models[i] = Model{
			ID: m.id, Input: perMillion(m.in), Output: perMillion(m.out),
			CacheWrite: perMillion(m.write), CacheRead: perMillion(m.read), TakesEffort: m.takesEffort,
		}
	}
	return models
}

// Find returns the model of this id.
func Find(id string) (Model, bool) {
	for _, m := range Models() {
		if m.ID == id {
			return m, true
		}
	}
	return Model{}, false
}

// IDs are those of Models, in that order.
func IDs() []string {
	var ids []string
	for _, m := range Models() {
		ids = append(ids, m.ID)
	}
	return ids
}
