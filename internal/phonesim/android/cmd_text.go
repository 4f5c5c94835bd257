package android

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"regexp"
	"strconv"
	"strings"
)

func textCommands() map[string]command {
	return map[string]command{
		"cat": concatenate, "grep": grepLines, "wc": countLines, "head": headLines,
	}
}

// eachInput calls use with every named file, or with the input when none is named.
func (c *call) eachInput(names []string, use func(name string, r io.Reader) error) uint8 {
	if len(names) == 0 {
		if err := use("", c.in); err != nil {
			return c.fail("%s", reason(err))
		}
		return 0
	}
	var code uint8
	for _, name := range names {
		if err := c.useFile(name, use); err != nil {
			code = c.fail("%s: %s", name, reason(err))
		}
	}
	return code
}

func (c *call) useFile(name string, use func(string, io.Reader) error) error {
	f, err := c.device.cfg.Storage.open(c.path(name))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return use(name, f)
}

func concatenate(_ context.Context, c *call) uint8 {
	return c.eachInput(parseOptions(c.args[1:]).rest, func(_ string, r io.Reader) error {
		_, err := io.Copy(c.out, r)
		return err
	})
}

func grepLines(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "-e")
	pattern, ok := o.values["-e"]
	if !ok && len(o.rest) > 0 {
		pattern, o.rest, ok = o.rest[0], o.rest[1:], true
	}
	if !ok {
		return c.fail("no pattern")
	}
	if o.letters("F") {
		pattern = regexp.QuoteMeta(pattern)
	}
	if o.letters("i") {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return c.fail("bad pattern: %v", err)
	}
	found := false
	code := c.eachInput(o.rest, func(_ string, r io.Reader) error {
		return eachLine(r, func(line string) bool {
			if re.MatchString(line) != o.letters("v") {
				found = true
				if !o.letters("q") {
					c.print(line + "\n")
				}
			}
			return true
		})
	})
	if code == 0 && !found {
		return exitFailure
	}
	return code
}

func countLines(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:])
	return c.eachInput(o.rest, func(name string, r io.Reader) error {
		b, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		counts := []struct {
			letter string
			n      int
		}{{"l", bytes.Count(b, []byte("\n"))}, {"w", len(bytes.Fields(b))}, {"c", len(b)}}
		var columns []string
		for _, count := range counts {
			if len(o.set) == 0 || o.letters(count.letter) {
				columns = append(columns, strconv.Itoa(count.n))
			}
		}
		c.print(strings.TrimSpace(strings.Join(columns, " ")+" "+name) + "\n")
		return nil
	})
}

func headLines(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "-n")
	left := 10
	if n, err := strconv.Atoi(o.values["-n"]); err == nil {
		left = n
	}
	return c.eachInput(o.rest, func(_ string, r io.Reader) error {
		return eachLine(r, func(line string) bool {
			if left > 0 {
				c.print(line + "\n")
			}
			left--
			return left > 0
		})
	})
}

func eachLine(r io.Reader, use func(line string) bool) error {
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		if !use(scanner.Text()) {
			return nil
		}
	}
	return scanner.Err()
}
