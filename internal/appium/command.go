package appium

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/shell"
)

// errNoCommand is a Command of no words.
var errNoCommand = errors.New("appium: start command is empty")

// commandLine returns the argument vector of the server, program first.
func commandLine(cfg ServerConfig) ([]string, error) {
	words, err := shell.Fields(cfg.Command, nil)
	if err != nil {
		return nil, fmt.Errorf("split start command %q: %w", cfg.Command, err)
	}
	if len(words) == 0 {
		return nil, errNoCommand
	}
	program, err := exec.LookPath(words[0])
	if err != nil {
		return nil, fmt.Errorf("find appium: %w", err)
	}
	argv := append(leanNode(program), program)
	argv = append(argv, words[1:]...)
	argv = append(argv,
		"server",
		"--address", cfg.Address,
		"--port", strconv.Itoa(cfg.Port),
		"--use-drivers", "uiautomator2",
		"--log-level", cfg.LogLevel,
		"--log-no-colors",
	)
	return append(argv, cfg.Args...), nil
}

// leanNode returns how to call node for a program that is a node script, so
// that a fleet's servers take 110 MB each instead of 150; nothing for any
// other program. NODE_OPTIONS would be simpler, but node refuses
// --optimize-for-size in it.
func leanNode(program string) []string {
	if !isNodeScript(program) {
		return nil
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil // env(1) in the script's first line will say so
	}
	return []string{node, "--max-semi-space-size=1", "--optimize-for-size"}
}

const longestShebang = 256

func isNodeScript(program string) bool {
	f, err := os.Open(program)
	if err != nil {
		return false // starting it will say why
	}
	defer f.Close() //nolint:errcheck // only read
	line, err := bufio.NewReader(io.LimitReader(f, longestShebang)).ReadString('\n')
	return err == nil && strings.TrimSpace(line) == "#!/usr/bin/env node"
}

// environ returns nil, which inherits, when there is nothing to add.
func environ(extra []string) []string {
	if len(extra) == 0 {
		return nil
	}
	return append(os.Environ(), extra...)
}

// output hands the server's output to its log and to the tail. It never
// fails: a full disk must cost us lines of a log, not the server, which
// would die of the broken pipe.
type output struct {
	log  io.Writer
	tail io.Writer
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	_, _ = o.log.Write(b)
	_, _ = o.tail.Write(b)
	return len(b), nil
}
