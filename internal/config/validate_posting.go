package config

import (
	"net/url"
	"os"
	"slices"
	"strings"
)

const builtinPrefix = "builtin:"

func (c Config) checkPosting(p *problems) {
	c.checkRecipe(p)
	c.checkNavigator(p)
	checkRotateURL(p, secretKey, c.Proxy.RotateURL)
	if c.Proxy.Required && c.Proxy.RotateURL == "" {
		c.checkEveryRotates(p)
	}
}

func checkRotateURL(p *problems, field, text string) {
	if text == "" {
		return
	}
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		p.add(field, nil, "write http://… or https://…", "is no address to call")
	}
}

// checkEveryRotates: without a proxy.rotate_url, each device in use needs one.
func (c Config) checkEveryRotates(p *problems) {
	used := c.Devices[:min(c.workers(), len(c.Devices))]
	i := slices.IndexFunc(used, func(d Device) bool { return d.RotateURL == "" })
	switch {
	case len(used) == 0 || i >= 0 && !slices.ContainsFunc(used, func(d Device) bool { return d.RotateURL != "" }):
		p.add("proxy.required", true, "set proxy.rotate_url, or required: false", "cannot be without a rotate_url")
	case i >= 0:
		p.add("proxy.required", true, "set proxy.rotate_url, or one for every device",
			"cannot be while devices[%d] has no rotate_url", i)
	}
}

// BuiltinRecipe is the one that every version has.
const BuiltinRecipe = builtinPrefix + "instagram-reel"

func (c Config) checkRecipe(p *problems) {
	if strings.HasPrefix(c.Recipe, builtinPrefix) {
		if c.Recipe != BuiltinRecipe {
			p.add("recipe", c.Recipe, "use "+BuiltinRecipe+" or name a file", "is not built in")
		}
		return
	}
	if info, err := os.Stat(c.Recipe); err != nil || !info.Mode().IsRegular() {
		p.add("recipe", c.Recipe, "use "+BuiltinRecipe+" or name a file", "is no file that can be read")
	}
}
