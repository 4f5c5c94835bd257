package android

import (
	"context"
	"strconv"
	"strings"
	"time"
)

func systemCommands() map[string]command {
	return map[string]command{
		"getprop": getProperty, "setprop": setProperty, "settings": changeSettings, "date": date, "sleep": sleep,
		"id": constant("uid=2000(shell) gid=2000(shell) groups=2000(shell)\n"), "whoami": constant("shell\n"),
		"uptime": uptime, "which": which, "logcat": logcat, "locksettings": lockSettings, "service": service,
		"cmd": serviceCommand, "svc": quiet, "appops": quiet, "ime": inputMethods, "uname": constant("Linux\n"),
	}
}

func constant(text string) command {
	return func(_ context.Context, c *call) uint8 {
		c.print(text)
		return 0
	}
}

func getProperty(_ context.Context, c *call) uint8 {
	if len(c.args) == 1 {
		for _, name := range c.device.properties.names() {
			value, _ := c.device.properties.get(name)
			c.printf("[%s]: [%s]\n", name, value)
		}
		return 0
	}
	value, ok := c.device.properties.get(c.args[1])
	if !ok {
		value = c.arg(2) // the default
	}
	c.print(value + "\n")
	return 0
}

func setProperty(_ context.Context, c *call) uint8 {
	const words = 3
	if len(c.args) != words {
		return c.fail("usage: setprop NAME VALUE")
	}
	if strings.HasPrefix(c.args[1], "ro.") {
		return c.fail("failed to set property '%s' to '%s'", c.args[1], c.args[2])
	}
	c.device.properties.set(c.args[1], c.args[2])
	return 0
}

// changeSettings is "settings get|put|delete|list NAMESPACE [NAME [VALUE]]".
func changeSettings(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "--user")
	word := func(i int) string {
		if i < len(o.rest) {
			return o.rest[i]
		}
		return ""
	}
	key, settings := word(1)+"/"+word(2), c.device.settings
	switch word(0) {
	case "get":
		value, ok := settings.get(key)
		if !ok {
			value = "null"
		}
		c.print(value + "\n")
	case "put":
		settings.set(key, word(3))
	case "delete":
		deleted := 0
		if settings.remove(key) {
			deleted = 1
		}
		c.printf("Deleted %d rows\n", deleted)
	case "list":
		for _, name := range settings.names() {
			if rest, ok := strings.CutPrefix(name, word(1)+"/"); ok {
				value, _ := settings.get(name)
				c.printf("%s=%s\n", rest, value)
			}
		}
	default:
		return c.unknown()
	}
	return 0
}

// date knows the one format that hosts ask for, and its default.
func date(_ context.Context, c *call) uint8 {
	now := time.Now()
	layout := strings.NewReplacer(
		"%Y", "2006", "%m", "01", "%d", "02", "%H", "15", "%M", "04", "%S", "05", "%T", "15:04:05", "%F", "2006-01-02",
		"%z", "-0700", "%s", strconv.FormatInt(now.Unix(), 10),
	)
	format, ok := strings.CutPrefix(c.arg(1), "+")
	if !ok {
		c.print(now.Format(time.UnixDate) + "\n")
		return 0
	}
	c.print(now.Format(layout.Replace(format)) + "\n")
	return 0
}

func sleep(ctx context.Context, c *call) uint8 {
	seconds, err := strconv.ParseFloat(c.arg(1), 64)
	if err != nil {
		return c.fail("not a number '%s'", c.arg(1))
	}
	timer := time.NewTimer(time.Duration(seconds * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0
	case <-ctx.Done():
		return exitHangup
	}
}

func uptime(_ context.Context, c *call) uint8 {
	c.printf(" up %s\n", time.Since(time.Unix(0, c.device.booted.Load())).Round(time.Second))
	return 0
}

func which(_ context.Context, c *call) uint8 {
	if c.device.commands[c.arg(1)] == nil {
		return exitFailure
	}
	c.printf("/system/bin/%s\n", c.arg(1))
	return 0
}

func logcat(ctx context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "-v", "-b", "-t", "-T", "-s", "-f")
	if o.letters("c") {
		c.device.log.clear()
		return 0
	}
	c.print("--------- beginning of main\n")
	if err := c.device.log.copy(ctx, c.out, !o.letters("d")); err != nil {
		return exitFailure
	}
	return 0
}

func lockSettings(_ context.Context, c *call) uint8 {
	if c.arg(1) == "get-disabled" {
		c.print("true\n")
	}
	return 0
}

func service(_ context.Context, c *call) uint8 {
	switch c.arg(1) {
	case "list":
		c.print("Found 4 services:\n0\tactivity: [android.app.IActivityManager]\n" +
			"1\tpackage: [android.content.pm.IPackageManager]\n2\tinput_method: []\n3\twindow: []\n")
	case "call":
		c.print("Result: Parcel(00000000 '....')\n")
	default:
		return c.unknown()
	}
	return 0
}

// serviceCommand is "cmd SERVICE …".
func serviceCommand(ctx context.Context, c *call) uint8 {
	sub := c.shift()
	for strings.HasPrefix(sub.arg(0), "-") && len(sub.args) > 1 {
		sub = sub.shift()
	}
	switch sub.arg(0) {
	case "package":
		return packageManager(ctx, sub)
	case "activity":
		return activityManager(ctx, sub)
	case "content":
		return content(ctx, sub)
	case "settings":
		return changeSettings(ctx, sub)
	case "uimode":
		sub.print("Night mode: no\n")
		return 0
	case "location", "notification", "appops", "statusbar", "wifi", "phone", "connectivity",
		"bluetooth_manager", "deviceidle":
		return 0
	default:
		_, _ = c.err.Write([]byte("cmd: Can't find service: " + sub.arg(0) + "\n"))
		const noService = 20
		return noService
	}
}

const keyboard = "com.android.inputmethod.latin/.LatinIME"

// inputMethods is "ime list|set|enable|disable|reset".
func inputMethods(_ context.Context, c *call) uint8 {
	switch c.arg(1) {
	case "list":
		c.print(keyboard + ":\n  mId=" + keyboard + " mSettingsActivityName=null\n")
	case "set", "enable":
		c.printf("Input method %s selected for user #0\n", c.arg(2))
	}
	return 0
}
