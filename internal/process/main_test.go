package process_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// childEnv names what the test binary does when it is run as the child.
const childEnv = "PROCESS_TEST_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childEnv); role != "" {
		os.Exit(child(role)) //nolint:forbidigo // this process is the child
	}
	// The race detector's children end at once.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// forever is longer than any test; a child that lives that long was forgotten.
const forever = time.Minute

func child(role string) int {
	switch role {
	case "exit 0":
	case "exit 7":
		fmt.Fprintln(os.Stderr, "seven")
		return 7
	case "wait":
		_, _ = fmt.Fprintln(os.Stdout, "up")
		<-time.After(forever)
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
		_, _ = fmt.Fprintln(os.Stdout, "up")
		<-time.After(forever)
	case "polite":
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGTERM)
		_, _ = fmt.Fprintln(os.Stdout, "up")
		<-c
		return 3
	case "parent", "parent that exits", "parent of a stranger":
		return parent(role)
	}
	return 0
}

// parent starts a deaf grandchild, which inherits its output, and says its pid.
func parent(role string) int {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=deaf")
	cmd.Stdout = os.Stdout
	if role == "parent of a stranger" {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	}
	if err := cmd.Start(); err != nil {
		return 1
	}
	_, _ = fmt.Fprintf(os.Stdout, "grandchild %d\n", cmd.Process.Pid)
	if role == "parent" {
		<-time.After(forever)
	}
	return 0
}
