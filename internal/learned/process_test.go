package learned_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postfleet/internal/learned"
	"postfleet/internal/logging"
)

const (
	envPath   = "POSTFLEET_TEST_LEARNED"
	envWorker = "POSTFLEET_TEST_WORKER"
	envMeet   = "POSTFLEET_TEST_MEET"
)

// What a process says that met an unknown screen.
const (
	saysLearned = "learned\n"
	saysTried   = "tried\n"
	saysUsed    = "used\n"
)

// work is a process that learns, tries, fails and drops until it is killed.
func work(path string) error {
	b := learned.New(learned.Config{Path: path, Worker: os.Getenv(envWorker)}, logging.Discard())
	if _, err := fmt.Fprintln(os.Stdout, "begun"); err != nil {
		return err
	}
	if os.Getenv(envMeet) != "" {
		return errors.Join(meet(b), b.Close())
	}
	for {
		if err := step(context.Background(), b, rand.IntN); err != nil {
			return err
		}
	}
}

// meet is a worker that needs an element of an unknown screen.
func meet(b *learned.Book) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	u, l, err := b.Await(ctx, place(1), wanted("tab"))
	says := saysUsed
	switch {
	case err != nil:
		return err
	case l != nil:
		says = saysLearned
		err = l.Confirm(ctx, finding("tab", "tab"))
	default:
		if u.State == learned.StateCandidate {
			says = saysTried
		}
		err = b.Succeed(ctx, u)
	}
	_, printed := fmt.Fprint(os.Stdout, says)
	return errors.Join(err, printed)
}

// TestProcessesMeetOneScreen: of workers in processes of their own, one learns,
// one tries.
func TestProcessesMeetOneScreen(t *testing.T) {
	t.Parallel()
	const processes = 5
	file := path(t)
	said := make(chan string, processes)
	var all sync.WaitGroup
	for n := range processes {
		all.Go(func() {
			cmd := child(t, file, fmt.Sprint("w", n), envMeet+"=1")
			out, err := cmd.Output()
			if err != nil {
				t.Error(err)
			}
			said <- strings.TrimPrefix(string(out), "begun\n")
		})
	}
	all.Wait()
	close(said)
	count := map[string]int{}
	for s := range said {
		count[s]++
	}
	if want := map[string]int{saysLearned: 1, saysTried: 1, saysUsed: processes - 2}; !maps.Equal(count, want) {
		t.Errorf("got %v, want %v", count, want)
	}
}

// child is this program as a worker's process.
func child(t *testing.T, path, worker string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = slices.Concat(os.Environ(), []string{
		"GORACE=atexit_sleep_ms=0", envPath + "=" + path, envWorker + "=" + worker,
	}, env)
	cmd.Stderr = os.Stderr
	return cmd
}

// step is one thing that a worker does, drawn by draw.
func step(ctx context.Context, b *learned.Book, draw func(n int) int) error {
	at, w := place(draw(4)), wanted(fmt.Sprint("element", draw(3)))
	if draw(3) == 0 { // a screen that is nearly the same
		at.Screen.Signs = slices.Clone(at.Screen.Signs)
		for range draw(3) {
			at.Screen.Signs[draw(len(at.Screen.Signs))] = fmt.Sprint("t changed", draw(2))
		}
		slices.Sort(at.Screen.Signs)
		at.Screen.Signs = slices.Compact(at.Screen.Signs) // a print is a set
	}
	if draw(8) == 0 {
		at.Version = "2.0"
	}
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	u, l, err := b.Await(ctx, at, w)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, learned.ErrLearningOff):
		_, err = b.Resume(context.WithoutCancel(ctx), func(learned.Stop) bool { return true })
		return err
	case err != nil:
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if l != nil {
		err = l.Confirm(ctx, learned.Finding{Wanted: w, Find: ways(fmt.Sprint("id", draw(3)))})
		if errors.Is(err, learned.ErrReplaced) || errors.Is(err, learned.ErrLeaseLost) {
			return nil
		}
		return err
	}
	switch draw(4) {
	case 0:
		return b.Fail(ctx, u, learned.ExpectFailed)
	case 1:
		return b.Return(ctx, u)
	case 2:
		if draw(10) == 0 {
			_, err = b.Drop(ctx, func(r *learned.Record) bool { return r.ID == u.ID })
			return err
		}
	}
	return b.Succeed(ctx, u)
}

// sound says what is wrong with the file, which anybody may read at any time.
func sound(tb testing.TB, path string) int {
	tb.Helper()
	all, _, err := learned.Records(path)
	if err != nil {
		tb.Fatal(err)
	}
	for i, r := range all {
		if !r.Active() {
			continue
		}
		for _, o := range all[i+1:] {
			if o.Active() && o.Name == r.Name && o.Kind == r.Kind && o.Screen.Same(r.Screen.Print) {
				tb.Fatalf("two active records of %s on one screen: %s, %s", r.Name, r.ID, o.ID)
			}
		}
	}
	return len(all)
}

// TestOneActiveRecord: after whatever is done, in whatever order, there is at
// most one active record of an element on a screen.
func TestOneActiveRecord(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		file := path(t)
		synctest.Test(t, func(t *testing.T) {
			draw := rand.New(rand.NewPCG(seed, 0))
			books := []*learned.Book{open(t, file, "w0"), open(t, file, "w1"), open(t, file, "w2")}
			most := 0
			for range 40 {
				if err := step(t.Context(), books[draw.IntN(len(books))], draw.IntN); err != nil {
					t.Fatal(err)
				}
				most = max(most, sound(t, file))
			}
			if most < 5 {
				t.Errorf("seed %d: at most %d records", seed, most)
			}
		})
	}
}

// TestKilledInMidWrite: processes are killed wherever they are; the file is
// whole at every instant, and those who come after go on.
func TestKilledInMidWrite(t *testing.T) {
	t.Parallel()
	const processes, kills = 3, 8
	file := path(t)
	var all sync.WaitGroup
	for n := range processes {
		all.Go(func() {
			for range kills {
				killOne(t, file, fmt.Sprint("w", n))
			}
		})
	}
	done := make(chan struct{})
	go func() { defer close(done); all.Wait() }()
	looks, most := 0, 0
	for alive := true; alive; looks++ {
		select {
		case <-done:
			alive = false
		default:
		}
		most = max(most, sound(t, file))
	}
	if aside, _ := filepath.Glob(file + ".damaged-*"); len(aside) > 0 || most == 0 {
		t.Errorf("put aside %q, at most %d records", aside, most)
	}
	t.Logf("%d kills, %d looks, at most %d records", processes*kills, looks, most)
	learn(t, open(t, file, "w0"), place(50), "tab", "tab")
}

// killOne runs a process for a while, and kills it.
func killOne(t *testing.T, path, worker string) {
	t.Helper()
	cmd := child(t, path, worker)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
		return
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return
	}
	if _, err := out.Read(make([]byte, len("begun\n"))); err != nil {
		t.Errorf("process of %s: %v", worker, err)
	}
	timer := time.NewTimer(time.Duration(30+rand.IntN(120)) * time.Millisecond)
	defer timer.Stop()
	<-timer.C
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // says that it was killed
}
