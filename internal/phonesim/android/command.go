package android

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// command is one program of the phone's shell; it returns its exit code.
type command func(ctx context.Context, c *call) uint8

// call is one run of a command.
type call struct {
	device   *Device
	args     []string // args[0] is the command's name
	in       io.Reader
	out, err io.Writer
	dir      string
}

func commandTable() map[string]command {
	table := map[string]command{}
	for _, group := range []map[string]command{
		fileCommands(), textCommands(), systemCommands(), processCommands(), packageCommands(),
		displayCommands(), mediaCommands(),
	} {
		maps.Copy(table, group)
	}
	return table
}

// arg is the i-th argument, "" when there are fewer.
func (c *call) arg(i int) string {
	if i < len(c.args) {
		return c.args[i]
	}
	return ""
}

// shift is the call of a subcommand.
func (c *call) shift() *call {
	sub := *c
	sub.args = c.args[1:]
	return &sub
}

func (c *call) path(name string) string { return resolve(c.dir, name) }

// print writes to the output. A reader that went away ends the shell anyway.
func (c *call) print(text string) { _, _ = io.WriteString(c.out, text) }

func (c *call) printf(format string, a ...any) { c.print(fmt.Sprintf(format, a...)) }

// fail explains on the error stream what is wrong and returns the exit code for it.
func (c *call) fail(format string, a ...any) uint8 {
	_, _ = fmt.Fprintf(c.err, c.args[0]+": "+format+"\n", a...)
	return exitFailure
}

// unknown is fail for a subcommand that does not exist here.
func (c *call) unknown() uint8 {
	_, _ = fmt.Fprintf(c.err, "Unknown command: %s\n", strings.Join(c.args, " "))
	return exitFailure
}

// quiet is a command that has nothing to say and no effect that can be seen.
func quiet(context.Context, *call) uint8 { return 0 }

// options are a command's arguments taken apart.
type options struct {
	values map[string]string // of flags that take a value
	set    map[string]bool   // of those that do not
	rest   []string
}

// parseOptions takes apart args; withValue lists the flags that are followed
// by a value. "--" ends the flags.
func parseOptions(args []string, withValue ...string) options {
	o := options{values: map[string]string{}, set: map[string]bool{}}
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--":
			o.rest = append(o.rest, args[i+1:]...)
			return o
		case slices.Contains(withValue, a) && i+1 < len(args):
			i++
			o.values[a] = args[i]
		case len(a) > 1 && a[0] == '-':
			o.set[a] = true
		default:
			o.rest = append(o.rest, a)
		}
	}
	return o
}

// letters tells whether one of the letters is set by any short flag, alone or
// together with others as in "-rf".
func (o options) letters(any string) bool {
	for flag := range o.set {
		if !strings.HasPrefix(flag, "--") && strings.ContainsAny(flag[1:], any) {
			return true
		}
	}
	return false
}
