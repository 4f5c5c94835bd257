package config

import (
	"math"
	"net/url"
	"slices"
	"strings"

	"postfleet/internal/claude/price"
)

// EnvAnthropicKey is the variable that holds the model's key.
const EnvAnthropicKey = "ANTHROPIC_API_KEY"

// AsksModel reports whether workers may ask a model.
func (n Navigator) AsksModel() bool { return n.Mode == ModeRecipeClaude || n.Mode == ModeClaude }

// maxUSD is more than anybody means, and far from where amounts overflow.
const maxUSD = 1_000_000

func (c Config) checkNavigator(p *problems) {
	n := c.Navigator
	modes := []string{ModeRecipe, ModeRecipeClaude, ModeClaude}
	if !slices.Contains(modes, n.Mode) {
		p.add("navigator.mode", n.Mode, "use "+strings.Join(modes, ", "), "is no mode")
	}
	if _, ok := price.Find(n.Model); !ok {
		p.add("navigator.model", n.Model, "use "+strings.Join(price.IDs(), ", "), "is no model with a known price")
	}
	u, err := url.Parse(n.BaseURL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		// Not shown: what was put there by mistake may be a secret.
		p.add("navigator.base_url", nil, "write "+Default().Navigator.BaseURL, "is no address of a service")
	}
	if n.MaxCallsPerJob < 0 {
		p.add("navigator.max_calls_per_job", n.MaxCallsPerJob, "use 0 or more", "is too small")
	}
	for _, m := range []struct {
		key string
		usd float64
	}{
		{"navigator.max_cost_usd_per_job", n.MaxCostUSDPerJob},
		{"navigator.max_cost_usd_per_run", n.MaxCostUSDPerRun},
	} {
		if math.IsNaN(m.usd) || m.usd < 0 || m.usd > maxUSD {
			p.add(m.key, m.usd, "use 0 or more, in dollars", "is no amount")
		}
	}
}

// readAnthropic reads the key, and gathers the problem of a mode without.
func (s *source) readAnthropic(c Config, environ []string, secrets *Secrets) {
	if !c.Navigator.AsksModel() {
		return
	}
	before := len(s.found.list)
	secrets.AnthropicKey = s.secret(environ, EnvAnthropicKey)
	if secrets.AnthropicKey == "" && len(s.found.list) == before {
		s.found.add(EnvAnthropicKey, nil, "set it, or name a file with "+EnvAnthropicKey+"_FILE, or use "+ModeRecipe,
			"is not set, and navigator.mode is %s", c.Navigator.Mode)
	}
}
