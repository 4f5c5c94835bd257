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
	words := make([]string, 0, len(args))
	for _, a := range args {
		words = append(words, quote(a))
	}
	// One argument, so that adb adds nothing of its own to it.
	out, err := c.on(ctx, c.cfg.Timeout, serial, "shell", strings.Join(words, " "))
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
