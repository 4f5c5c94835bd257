package config

import (
	"net/url"
	"os"
	"strings"
)

const builtinPrefix = "builtin:"

func (c Config) checkPosting(p *problems) {
	c.checkRecipe(p)
	switch c.Navigator.Mode {
	case ModeRecipe:
	case "recipe+claude", "claude":
		p.add("navigator.mode", c.Navigator.Mode, "use "+ModeRecipe, "is not in this version")
	default:
		p.add("navigator.mode", c.Navigator.Mode, "use "+ModeRecipe, "is no mode")
	}
	u, err := url.Parse(c.Proxy.RotateURL)
	switch {
	case c.Proxy.RotateURL == "":
		if c.Proxy.Required {
			p.add("proxy.required", true, "set proxy.rotate_url, or required: false", "cannot be without a rotate_url")
		}
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		p.add(secretKey, nil, "write http://… or https://…", "is no address to call")
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
