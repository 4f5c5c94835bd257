package appium_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// roleEnv names what the test binary does when it is run as Appium.
const roleEnv = "APPIUM_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleEnv); role != "" {
		os.Exit(standIn(role)) //nolint:forbidigo // this process is the child
	}
	// The race detector's children end at once.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m,
		// lumberjack never ends the goroutine that removes old files.
		goleak.IgnoreTopFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun"))
}

// forever is longer than any test; a stand-in that lives that long was forgotten.
const forever = time.Minute

// standIn behaves as an Appium server, well or badly.
func standIn(role string) int {
	_, _ = fmt.Fprintln(os.Stdout, "args:", strings.Join(os.Args[1:], " "))
	switch role {
	case "exits":
		fmt.Fprintln(os.Stderr, "Error: no driver for you")
		return 9
	case "exits with 0":
		return 0
	case "finds the port taken":
		fmt.Fprintln(os.Stderr, "Could not start REST http interface: listen EADDRINUSE: address already in use")
		return 1
	case "mute":
		<-time.After(forever)
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
	case "deaf with a child":
		signal.Ignore(syscall.SIGTERM)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), roleEnv+"=mute")
		if err := cmd.Start(); err != nil {
			return 1
		}
		_, _ = fmt.Fprintf(os.Stdout, "child %d\n", cmd.Process.Pid)
	}
	return serve(role)
}

func serve(role string) int {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, r *http.Request) {
		switch role {
		case "hangs":
			<-r.Context().Done()
		case "fails":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			value := map[string]any{"ready": role != "never ready", "message": "hello"}
			_ = json.NewEncoder(w).Encode(map[string]any{"value": value})
		}
	})
	addr := net.JoinHostPort(argument("--address"), argument("--port"))
	s := &http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: time.Second}
	fmt.Fprintln(os.Stderr, s.ListenAndServe())
	return 1
}

// argument returns what follows the last such option, as Appium reads it.
func argument(name string) string {
	args := slices.Clone(os.Args[1:])
	slices.Reverse(args)
	if i := slices.Index(args, name); i > 0 {
		return args[i-1]
	}
	return ""
}
