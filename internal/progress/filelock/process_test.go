package filelock_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/progress/filelock"
)

// The test binary is also the other processes of these tests.
const (
	envRole   = "POSTFLEET_TEST_ROLE"
	envPath   = "POSTFLEET_TEST_PATH"
	envRounds = "POSTFLEET_TEST_ROUNDS"
	envWork   = "POSTFLEET_TEST_WORK"
	envRest   = "POSTFLEET_TEST_REST"

	roleHolder  = "holder"
	roleCounter = "counter"
	roleRacer   = "racer"
)

func TestMain(m *testing.M) {
	path := os.Getenv(envPath)
	var err error
	switch os.Getenv(envRole) {
	case roleHolder:
		err = hold(path)
	case roleCounter:
		err = count(path)
	case roleRacer:
		err = race(path)
	default:
		goleak.VerifyTestMain(m)
		return
	}
	if err != nil {
		panic(err)
	}
}

// process is another process. It says when it has begun, and goes on, or ends,
// when it is told to.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(tb testing.TB, role, path string, env ...string) *process {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = slices.Concat(os.Environ(), []string{
		"GORACE=atexit_sleep_ms=0", // the end of a process is part of most tests
		envRole + "=" + role, envPath + "=" + path,
	}, env)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	p := &process{cmd: cmd, in: in, out: bufio.NewReader(out)}
	p.line(tb)
	return p
}

// line returns what the process says next.
func (p *process) line(tb testing.TB) string {
	tb.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		tb.Fatalf("%s: %v", p.cmd, err)
	}
	return line
}

// tell lets the process go on.
func (p *process) tell(tb testing.TB) {
	tb.Helper()
	if _, err := fmt.Fprintln(p.in); err != nil {
		tb.Fatal(err)
	}
}

// wait waits for the end of the process.
func (p *process) wait(tb testing.TB) {
	tb.Helper()
	if err := errors.Join(p.in.Close(), p.cmd.Wait()); err != nil {
		tb.Errorf("%s: %v", p.cmd, err)
	}
}

// begun says so, and waits to be told to go on.
func begun() error {
	if _, err := fmt.Fprintln(os.Stdout, "begun"); err != nil {
		return err
	}
	_, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return err
}

// hold has the lock until it is told to let go.
func hold(path string) error {
	held, err := filelock.Hold(path)
	if err != nil {
		return err
	}
	return errors.Join(begun(), held.Release())
}

// count adds to the number in a file beside the lock, as nobody may do who is
// not alone.
func count(path string) error {
	rounds, err := strconv.Atoi(os.Getenv(envRounds))
	if err != nil {
		return err
	}
	if err := begun(); err != nil {
		return err
	}
	l := filelock.New(path)
	for range rounds {
		if err := increment(l, path+".count"); err != nil {
			return err
		}
	}
	return nil
}

func increment(l *filelock.Lock, path string) error {
	release, err := l.Acquire(context.Background())
	if err != nil {
		return err
	}
	defer release()
	n, err := number(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, fmt.Append(nil, n+1), 0o600)
}

func number(path string) (n int, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err == nil {
		_, err = fmt.Sscan(string(data), &n)
	}
	return n, err
}

// race takes the lock again and again for a while, holds it for envWork each
// time and rests for envRest, and says how often it had it, and how long it
// waited at the longest.
func race(path string) error {
	work, err := time.ParseDuration(os.Getenv(envWork))
	if err != nil {
		return err
	}
	rest, err := time.ParseDuration(os.Getenv(envRest))
	if err != nil {
		return err
	}
	if err := begun(); err != nil {
		return err
	}
	var had int
	var waits []time.Duration
	l := filelock.New(path)
	for end := time.Now().Add(raceTime); time.Now().Before(end); {
		asked := time.Now()
		release, err := l.Acquire(context.Background())
		if err != nil {
			return err
		}
		waits = append(waits, time.Since(asked))
		spin(work)
		release()
		had++
		if rest > 0 {
			<-time.After(rest)
		}
	}
	slices.Sort(waits)
	_, err = fmt.Fprintln(os.Stdout, had, waits[len(waits)*99/100].Microseconds(), waits[len(waits)-1].Microseconds())
	return err
}

func spin(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}
