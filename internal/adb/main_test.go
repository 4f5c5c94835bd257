package adb_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/adb/adbtest"
)

// roleEnv makes the test binary behave as an adb server.
const roleEnv = "ADB_TEST_SERVER"

// fake is the adb program that the clients of all tests run.
var fake adbtest.Fake

func TestMain(m *testing.M) {
	// Workers of a fuzzing run inherit the variable, and are tests all the same.
	if os.Getenv(roleEnv) != "" && !strings.HasPrefix(os.Args[1], "-test.") {
		os.Exit(fakeServer(os.Args[1:])) //nolint:forbidigo // this process is the child
	}
	var err error
	if fake, err = adbtest.Install(); err != nil {
		panic(err)
	}
	for key, value := range map[string]string{
		roleEnv:  "1",
		"GORACE": "atexit_sleep_ms=0", // the race detector's children end at once
	} {
		if err := os.Setenv(key, value); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m,
		goleak.Cleanup(func(code int) {
			_ = fake.Remove()
			os.Exit(code) //nolint:forbidigo // what VerifyTestMain does without a clean-up
		}),
		// lumberjack never ends the goroutine that removes old files.
		goleak.IgnoreTopFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun"))
}

// forever is longer than any test; a child that lives that long was forgotten.
const forever = time.Minute

// fakeServer behaves as "adb -P PORT nodaemon server", well or badly: the file
// "role" in its home says which.
func fakeServer(args []string) int {
	role, err := os.ReadFile(filepath.Join(os.Getenv("HOME"), "role"))
	if err != nil {
		return fail(err)
	}
	_, _ = fmt.Fprintln(os.Stdout, "args:", strings.Join(args, " "), "home:", os.Getenv("HOME"))
	switch string(role) {
	case "exits":
		return fail(errors.New("no server today"))
	case "mute":
		<-time.After(forever)
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+args[1])
	if err != nil {
		return fail(err)
	}
	return fail(serve(l))
}

func fail(why error) int {
	fmt.Fprintln(os.Stderr, "fake adb:", why)
	return 99
}

// serve answers in adb's own protocol until it is told to go.
func serve(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		switch question(conn) {
		case "host:version":
			_, _ = io.WriteString(conn, "OKAY00040029")
		case "host:kill":
			_, _ = io.WriteString(conn, "OKAY")
			_ = conn.Close()
			return errors.Join(errors.New("told to go"), l.Close())
		}
		_ = conn.Close()
	}
}

func question(conn io.Reader) string {
	digits := make([]byte, 4)
	if _, err := io.ReadFull(conn, digits); err != nil {
		return ""
	}
	size, err := strconv.ParseUint(string(digits), 16, 16)
	if err != nil {
		return ""
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(conn, text); err != nil {
		return ""
	}
	return string(text)
}
