package price_test

import (
	"testing"

	"postfleet/internal/claude/price"
)

// The prices are those of the list, per million tokens, and every one of them is
// a whole number of billionths.
func TestPrices(t *testing.T) {
	t.Parallel()
	const million = 1_000_000
	for _, tt := range []struct {
		id                      string
		in, write, read, output string
	}{
		{"claude-haiku-5-5", "$0.1", "$0.125", "$0.01", "$0.5"},
		{"claude-haiku-4-5", "$1", "$1.25", "$0.1", "$5"},
		{"claude-sonnet-5-5", "$2", "$2.5", "$0.1", "$10"},
		{"claude-opus-5-5", "$4", "$5", "$0.2", "$20"},
		{"claude-fable-5-1", "$10", "$12.5", "$0.25", "$50"},
	} {
		m, ok := price.Find(tt.id)
		if !ok {
			t.Errorf("%s is not known", tt.id)
		}
		for _, of := range []struct {
			tokens price.Tokens
			want   string
		}{
			{price.Tokens{Input: million}, tt.in},
			{price.Tokens{CacheWrite: million}, tt.write},
			{price.Tokens{CacheRead: million}, tt.read},
			{price.Tokens{Output: million}, tt.output},
		} {
			if got := m.Of(of.tokens).String(); got != of.want {
				t.Errorf("%s: %+v: got %s, want %s", tt.id, of.tokens, got, of.want)
			}
		}
	}
	if _, ok := price.Find("claude-2"); ok || len(price.IDs()) != 5 {
		t.Errorf("got %v", price.IDs())
	}
	if _, ok := price.Find(price.Default); !ok {
		t.Error("the default has no price")
	}
}

// No answer costs more than Most said.
func TestMost(t *testing.T) {
	t.Parallel()
	for _, m := range price.Models() {
		most := m.Most(1000, 200)
		for _, used := range []price.Tokens{
			{Input: 1000, Output: 200},
			{CacheWrite: 1000, Output: 200},
			{Input: 1, CacheWrite: 2, CacheRead: 997, Output: 3},
		} {
			if got := m.Of(used); got > most {
				t.Errorf("%s: %+v costs %s, more than %s", m.ID, used, got, most)
			}
		}
	}
}
