// Package adbtest is an adb program for tests that follows a script, for
// everything that runs adb's command line. It is a shell script, because the
// tests run it hundreds of times.
package adbtest

import (
	"crypto/md5"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed adb.sh
var program []byte

// Reply is what adb says to one command.
type Reply struct {
	Stdout, Stderr string
	Code           int
	// Hang makes adb say nothing for a minute.
	Hang bool
}

// Script has the replies to each command, in order; the last one stays. A
// command is all of adb's arguments after the port. One that has no replies
// succeeds and says nothing.
type Script map[string][]Reply

// Fake is an installed program and its scripts, one for each server port: a
// port stands for a test. Its methods are safe for concurrent use.
type Fake struct{ dir string }

// Install writes the program into a new directory, which the caller removes by
// Remove. It must be done before anything runs at once: a program that is
// still open for writing in some process cannot be run.
func Install() (Fake, error) {
	dir, err := os.MkdirTemp("", "adbtest")
	if err != nil {
		return Fake{}, err
	}
	f := Fake{dir: dir}
	return f, os.WriteFile(f.Program(), program, 0o700) //nolint:gosec // a program is to be executable
}

// Remove deletes the program and all scripts.
func (f Fake) Remove() error { return os.RemoveAll(f.dir) }

// Program returns the path of the program.
func (f Fake) Program() string { return filepath.Join(f.dir, "adb") }

// Play makes s the script of a port.
func (f Fake) Play(port int, s Script) error {
	for command, replies := range s {
		sum := md5.Sum([]byte(command)) //nolint:gosec // a file name, no secret
		dir := filepath.Join(f.port(port), hex.EncodeToString(sum[:]))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		for i, r := range replies {
			if err := r.write(filepath.Join(dir, strconv.Itoa(i))); err != nil {
				return err
			}
		}
	}
	return os.MkdirAll(f.port(port), 0o700)
}

func (r Reply) write(base string) error {
	code := strconv.Itoa(r.Code)
	if r.Hang {
		code = "hang"
	}
	return errors.Join(
		os.WriteFile(base+".out", []byte(r.Stdout), 0o600),
		os.WriteFile(base+".err", []byte(r.Stderr), 0o600),
		os.WriteFile(base+".code", []byte(code+"\n"), 0o600),
	)
}

// Calls returns the commands that came to the port, and forgets them. The
// replies go on from where they were.
func (f Fake) Calls(port int) ([]string, error) {
	log := filepath.Join(f.port(port), "calls")
	text, err := os.ReadFile(log)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n"), os.Remove(log)
}

func (f Fake) port(port int) string { return filepath.Join(f.dir, strconv.Itoa(port)) }
