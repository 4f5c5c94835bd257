package main

import (
	"os"
	"slices"
	"strings"
	"time"

	"postfleet/internal/config"
	"postfleet/internal/recipe"
)

const rotateVariable = "POSTFLEET_PROXY_ROTATE_URL="

func (c *checkup) checkConfig() {
	resolved, err := config.Load(c.opts)
	if err != nil {
		c.Error(checkConfig, err)
		c.Unchecked(checkRecipe, "the configuration is wrong")
		c.Unchecked("secrets", "the configuration is wrong")
		return
	}
	c.resolved = &resolved
	c.OK(checkConfig, "fleet %s, %d workers", resolved.Fleet, resolved.Derived.Workers)
	for _, note := range resolved.Ignored() {
		c.Warn(checkConfig, "", "%s", note)
	}
	if _, err := recipe.Load(resolved.Recipe); err != nil {
		c.Error(checkRecipe, err)
	} else {
		c.OK(checkRecipe, "%s", resolved.Recipe)
	}
	c.checkSecrets(resolved)
}

// checkSecrets looks at the secrets that the file may hold, the rotation URLs.
// That one is missing where it is needed is a problem of the configuration.
func (c *checkup) checkSecrets(r config.Resolved) {
	const check = "secrets"
	own := slices.ContainsFunc(r.Devices, func(d config.Device) bool { return d.RotateURL != "" })
	if r.Proxy.RotateURL == "" && !own {
		c.OK(check, "none is needed: there is no proxy.rotate_url")
		return
	}
	for _, variable := range c.opts.Environ {
		if strings.HasPrefix(variable, rotateVariable) && !own {
			c.OK(check, "proxy.rotate_url is set, in the environment")
			return
		}
	}
	file := c.opts.Path
	if file == "" {
		file = config.DefaultFile
	}
	const others = 0o077
	if info, err := os.Stat(file); err == nil && info.Mode().Perm()&others != 0 {
		c.Warn(check, "chmod 600 it, or set "+strings.TrimSuffix(rotateVariable, "="),
			"%s holds a rotate_url and others than its owner may read it (mode %04o)", file, info.Mode().Perm())
		return
	}
	c.OK(check, "a rotate_url is set, and only its owner reads %s", file)
}

// The years in which the clock of a machine that was set can be.
const (
	firstYear = 2025
	lastYear  = 2100
)

func (c *checkup) checkClock() {
	if now := time.Now(); now.Year() < firstYear || now.Year() > lastYear {
		c.Fail("clock", "set it: claims, delays and daily caps go by it", "it is %s", now.UTC().Format(time.RFC3339))
		return
	}
	c.OK("clock", "it is %s", time.Now().UTC().Format(time.RFC3339))
}
