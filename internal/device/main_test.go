package device_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// dirEnv makes the test binary behave as adb. It names a directory that has,
// for each server port, what that adb is to say. A port stands for a test, as
// tests run at once and share one environment.
const dirEnv = "DEVICE_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(dirEnv); dir != "" {
		os.Exit(fakeADB(dir, os.Args[1:])) //nolint:forbidigo // this process is the child
	}
	dir, err := os.MkdirTemp("", "device-test")
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
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code) //nolint:forbidigo // what VerifyTestMain does without a clean-up
	}))
}

// reply is what the fake adb says to one command.
type reply struct {
	Stdout, Stderr string
	Code           int
}

// script has the replies to each command, in order; the last one stays. A
// command without any succeeds and says nothing.
type script map[string][]reply

func fakeADB(dir string, args []string) int {
	i := slices.Index(args, "-P")
	base := filepath.Join(dir, args[i+1])
	command := strings.Join(args[i+2:], " ")
	r, err := next(base, command)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fake adb:", err)
		return 99
	}
	_, _ = fmt.Fprint(os.Stdout, r.Stdout)
	fmt.Fprint(os.Stderr, r.Stderr)
	return r.Code
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
	if replies := s[command]; len(replies) > 0 {
		return replies[min(asked, len(replies)-1)], nil
	}
	return reply{}, nil
}
