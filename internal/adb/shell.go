package adb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"postfleet/internal/fault"
)

// plain are the words that mean themselves to every shell.
var plain = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Shell runs one command on the phone and returns its standard output. Every
// argument reaches it as it is: there are no wildcards, variables, pipes or
// redirections. A status other than 0 is an *ExitError.
func (c *Client) Shell(ctx context.Context, serial string, args ...string) (string, error) {
	return c.ShellAll(ctx, serial, args)
}

// ShellAll runs several commands as Shell does one, each when the one before it
// has succeeded, and returns what the last of them printed. On a slow link that
// is as good as one command: each piece of output costs a round trip.
func (c *Client) ShellAll(ctx context.Context, serial string, commands ...[]string) (string, error) {
	lines := make([]string, 0, len(commands))
	for _, args := range commands {
		words := make([]string, 0, len(args))
		for _, a := range args {
			words = append(words, quote(a))
		}
		lines = append(lines, strings.Join(words, " "))
	}
	// One argument, so that adb adds nothing of its own to it.
	out, err := c.on(ctx, c.cfg.Timeout, serial, "shell", strings.Join(lines, " >/dev/null && "))
	exit, failed := errors.AsType[*ExitError](err)
	if needsLogin(out) || failed && needsLogin(exit.Stderr) {
		return "", fmt.Errorf("adb shell on %s: %w", serial, fault.Mark(fault.Human, ErrNeedsLogin))
	}
	return out, err
}

// quote makes s one word of the phone's shell.
func quote(s string) string {
	if plain.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
