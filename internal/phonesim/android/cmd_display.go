package android

import (
	"bytes"
	"context"
	"image"
	"strconv"
	"strings"
)

func displayCommands() map[string]command {
	return map[string]command{"wm": windowManager, "screencap": screencap, "input": input}
}

func windowManager(_ context.Context, c *call) uint8 {
	switch c.arg(1) {
	case "size":
		c.printf("Physical size: %dx%d\n", c.device.cfg.Width, c.device.cfg.Height)
	case "density":
		c.printf("Physical density: %d\n", c.device.cfg.Density)
	}
	return 0
}

// screencap writes a picture to the output, or to a file.
func screencap(_ context.Context, c *call) uint8 {
	png, err := c.device.cfg.ScreencapFunc()
	if err != nil {
		return c.fail("%v", err)
	}
	o := parseOptions(c.args[1:], "-d")
	if len(o.rest) == 0 {
		if _, err := c.out.Write(png); err != nil {
			return exitFailure
		}
		return 0
	}
	if err := c.save(c.path(o.rest[0]), bytes.NewReader(png)); err != nil {
		return c.fail("%s: %s", o.rest[0], reason(err))
	}
	return 0
}

// input plays the finger and the keyboard.
func input(_ context.Context, c *call) uint8 {
	args := c.args[1:]
	if len(args) > 0 && (args[0] == "touchscreen" || args[0] == "keyboard") {
		args = args[1:]
	}
	if len(args) == 0 {
		return c.unknown()
	}
	switch kind, rest := args[0], args[1:]; kind {
	case "tap":
		if p, ok := coordinates(rest, 2); ok {
			c.device.cfg.Input.Tap(image.Pt(p[0], p[1]))
			return 0
		}
	case "swipe", "draganddrop":
		if p, ok := coordinates(rest, 4); ok {
			c.device.cfg.Input.Swipe(image.Pt(p[0], p[1]), image.Pt(p[2], p[3]))
			return 0
		}
	case "text":
		c.device.cfg.Input.Type(strings.ReplaceAll(strings.Join(rest, " "), "%s", " "))
		return 0
	case "keyevent":
		return c.pressKeys(rest)
	}
	return c.unknown()
}

func (c *call) pressKeys(names []string) uint8 {
	for _, name := range parseOptions(names).rest {
		code, ok := keyCode(name)
		if !ok {
			return c.fail("unknown key %q", name)
		}
		c.device.cfg.Input.Key(code)
	}
	return 0
}

// coordinates reads at least n whole numbers.
func coordinates(args []string, n int) ([]int, bool) {
	if len(args) < n {
		return nil, false
	}
	values := make([]int, n)
	for i := range values {
		f, err := strconv.ParseFloat(args[i], 64)
		if err != nil {
			return nil, false
		}
		values[i] = int(f)
	}
	return values, true
}

func keyCode(name string) (int, bool) {
	if code, err := strconv.Atoi(name); err == nil {
		return code, true
	}
	code, ok := map[string]int{
		"HOME": 3, "BACK": 4, "POWER": 26, "CLEAR": 28, "ENTER": 66, "DEL": 67, "MENU": 82, "ESCAPE": 111,
		"APP_SWITCH": 187, "SLEEP": 223, "WAKEUP": 224,
	}[strings.TrimPrefix(name, "KEYCODE_")]
	return code, ok
}
