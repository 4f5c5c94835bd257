package adb_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// dirEnv makes the test binary behave as adb. It names a directory that has,
// for each server port, what that adb is to say. A port stands for a test, as
// tests run at once and share one environment.
const dirEnv = "ADB_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(dirEnv); dir != "" {
		os.Exit(fakeADB(dir, os.Args[1:])) //nolint:forbidigo // this process is the child
	}
	dir, err := os.MkdirTemp("", "adb-test")
	if err != nil {
		panic(err)
	}
	for key, value := range map[string]string{
		dirEnv:   dir,
		"GORACE": "atexit_sleep_ms=0", // the race detector's children end at once
	} {
		if err := os.Setenv(key, value); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m,
		goleak.Cleanup(func(code int) {
			_ = os.RemoveAll(dir)
			os.Exit(code) //nolint:forbidigo // what VerifyTestMain does without a clean-up
		}),
		// lumberjack never ends the goroutine that removes old files.
		goleak.IgnoreTopFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun"))
}

// reply is what the fake adb says to one command.
type reply struct {
	Stdout, Stderr string
	Code           int
	Hang           bool
}

// script has the replies to each command, in order; the last one stays.
type script map[string][]reply

// forever is longer than any test; a child that lives that long was forgotten.
const forever = time.Minute

func fakeADB(dir string, args []string) int {
	i := slices.Index(args, "-P")
	if i < 0 || i+1 >= len(args) {
		return fail("no -P")
	}
	base := filepath.Join(dir, args[i+1])
	// The client must name a host, or adb would start a server of its own.
	if client := i == 2 && args[0] == "-H" && args[1] == "127.0.0.1"; !client {
		return fakeServer(base, args)
	}
	command := strings.Join(args[i+2:], " ")
	r, err := next(base, command)
	if err != nil {
		return fail(err.Error())
	}
	if r.Hang {
		<-time.After(forever)
	}
	_, _ = fmt.Fprint(os.Stdout, r.Stdout)
	fmt.Fprint(os.Stderr, r.Stderr)
	return r.Code
}

func fail(why string) int {
	fmt.Fprintln(os.Stderr, "fake adb:", why)
	return 99
}

// next notes the command and returns the reply to it.
func next(base, command string) (reply, error) {
	text, err := os.ReadFile(base + ".json")
	if err != nil {
		return reply{}, err
	}
	var s script
	if err := json.Unmarshal(text, &s); err != nil {
		return reply{}, err
	}
	calls, err := os.ReadFile(base + ".calls")
	if err != nil && !os.IsNotExist(err) {
		return reply{}, err
	}
	asked := strings.Count("\n"+string(calls), "\n"+command+"\n")
	if err := os.WriteFile(base+".calls", append(calls, command+"\n"...), 0o600); err != nil {
		return reply{}, err
	}
	replies := s[command]
	if len(replies) == 0 {
		return reply{}, fmt.Errorf("unexpected command %q", command)
	}
	return replies[min(asked, len(replies)-1)], nil
}

// fakeServer behaves as "adb nodaemon server", well or badly.
func fakeServer(base string, args []string) int {
	role, err := os.ReadFile(base + ".role")
	if err != nil {
		return fail(err.Error())
	}
	_, _ = fmt.Fprintln(os.Stdout, "args:", strings.Join(args, " "), "home:", os.Getenv("HOME"))
	switch string(role) {
	case "exits":
		return fail("no server today")
	case "mute":
		<-time.After(forever)
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+filepath.Base(base))
	if err != nil {
		return fail(err.Error())
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return fail(err.Error())
		}
		question := make([]byte, len("000chost:version"))
		if _, err := io.ReadFull(conn, question); err == nil && string(question) == "000chost:version" {
			_, _ = io.WriteString(conn, "OKAY00040029")
		}
		_ = conn.Close()
	}
}
