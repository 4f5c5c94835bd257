package config

import (
	"slices"
	"strings"
)

// insecure are Appium's options that open the phone's shell, or more, to
// everybody who can reach the server, which asks for no password. Nothing here
// needs them.
func insecure() []string { return []string{"--allow-insecure", "--relaxed-security"} }

// checkAppium refuses them by name, as arguments and within the command.
func (c Config) checkAppium(p *problems) {
	const mend, why = "leave it out", "opens the phones to whoever reaches Appium"
	for _, arg := range c.AppiumArgs {
		if opens(arg) {
			p.add("appium_args", arg, mend, why)
		}
	}
	if slices.ContainsFunc(strings.Fields(c.AppiumStartCmd), opens) {
		p.add("appium_start_cmd", c.AppiumStartCmd, mend, why)
	}
}

func opens(word string) bool {
	name, _, _ := strings.Cut(strings.Trim(word, `"'`), "=")
	return slices.Contains(insecure(), strings.ReplaceAll(name, "_", "-"))
}
