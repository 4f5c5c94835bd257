package ledgerproof

import (
	"context"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"golang.org/x/sync/errgroup"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

const (
	livesEach = 4
	// callsEach are enough for the processes to be at it at the same time: what a
	// call does alone takes microseconds, and a process takes milliseconds to begin.
	callsEach = 400
	// toyCalls are fewer: a toy is slow, and its mistake is easily found.
	toyCalls     = 40
	longestCall  = 200 * time.Microsecond
	checkTimeout = 30 * time.Second
)

// TestLinearizable: what processes were answered, those that were killed too,
// is what one ledger would answer to one call at a time.
func TestLinearizable(t *testing.T) {
	t.Parallel()
	history := playAll(t, rolePlayer, callsEach, seedOf(t))
	result, info := porcupine.CheckOperationsVerbose(ledgerModel(), history, checkTimeout)
	if result != porcupine.Ok {
		t.Errorf("got %s for %d operations: see %s", result, len(history), visualize(t, info))
	}
}

// TestHarnessFindsWrongLock: the same harness and model find out a ledger that
// locks the file it replaces, and nothing else about that ledger.
func TestHarnessFindsWrongLock(t *testing.T) {
	t.Parallel()
	seed := seedOf(t)
	history := playAll(t, roleRightLock, toyCalls, seed)
	result, info := porcupine.CheckOperationsVerbose(ledgerModel(), history, checkTimeout)
	if result != porcupine.Ok {
		t.Fatalf("with the right lock got %s: see %s", result, visualize(t, info))
	}
	const tries = 5
	for try := range uint64(tries) {
		history := playAll(t, roleWrongLock, toyCalls, seed+try)
		if got := porcupine.CheckOperationsTimeout(ledgerModel(), history, checkTimeout); got == porcupine.Illegal {
			t.Logf("found out at try %d, with %d operations", try+1, len(history))
			return
		}
	}
	t.Error("a lock on the file that is renamed over was not found out")
}

func visualize(t *testing.T, info porcupine.LinearizationInfo) string {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), "history.html")
	if err := porcupine.VisualizePath(ledgerModel(), info, path); err != nil {
		return err.Error()
	}
	return path + " (go test -artifacts keeps it)"
}

// ledgerModel is the model as porcupine takes it.
func ledgerModel() porcupine.Model {
	seed := maphash.MakeSeed()
	m := porcupine.NondeterministicModel{
		Partition: byAccount,
		Init:      func() []any { return []any{model{account: -1}} },
		Step: func(state, in, out any) []any {
			m, i := state.(model), in.(input)
			if m.account < 0 {
				m = newModel(i.account)
			}
			var next []any
			for _, s := range step(m, i, out.(answer)) {
				next = append(next, s)
			}
			return next
		},
		Hash:              func(state any) uint64 { return state.(model).hash(seed) },
		DescribeOperation: func(in, out any) string { return in.(input).describe(out.(answer)) },
		DescribeState:     func(state any) string { return state.(model).String() },
	}
	return m.ToModel()
}

// byAccount gives each account the operations that it can tell something of.
func byAccount(history []porcupine.Operation) [][]porcupine.Operation {
	parts := make([][]porcupine.Operation, accounts)
	for _, op := range history {
		in := op.Input.(input)
		for a := range accounts {
			if in.Job > 0 && accountOf(in.Job) != a {
				continue
			}
			in.account = a
			op.Input = in
			parts[a] = append(parts[a], op)
		}
	}
	return parts
}

// playAll runs processes of a role on a new ledger, kills most of them, and
// returns the history of them all, with what the ledger holds in the end.
func playAll(t *testing.T, role string, calls int, seed uint64) []porcupine.Operation {
	t.Helper()
	dir := t.TempDir()
	l, err := openerOf(role)(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var all []jobs.PostJob
	for n := 1; n <= historyRows; n++ {
		all = append(all, jobs.PostJob{ID: n, Account: strconv.Itoa(accountOf(n)), Video: "v.mp4"})
	}
	if _, err := l.Seed(t.Context(), all, nil); err != nil {
		t.Fatal(err)
	}
	histories := make([][]porcupine.Operation, historyWorkers)
	var players errgroup.Group
	for n := range historyWorkers {
		players.Go(func() error {
			for life := 1; life <= livesEach; life++ {
				random := source(seed, n, life)
				told := assignment{
					Role: role, Dir: dir, Worker: strconv.Itoa(n), Seed: random.Uint64(), Calls: calls,
					// A few leave before.
					Die: &selfKill{Nth: 1 + random.IntN(calls*5/4), After: upTo(random, longestCall)},
				}
				ops, err := playOne(t.Context(), told, n, life)
				if err != nil {
					return err
				}
				histories[n] = append(histories[n], ops...)
			}
			return nil
		})
	}
	if err := players.Wait(); err != nil {
		t.Fatal(err)
	}
	return append(slices.Concat(histories...), finalSnapshot(t, l))
}

// finalSnapshot is taken when all processes have ended, by one more worker.
func finalSnapshot(t *testing.T, l progress.Ledger) porcupine.Operation {
	t.Helper()
	at := monotonic()
	rows, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return porcupine.Operation{
		ClientId: historyWorkers, Call: at, Return: monotonic(),
		Input: input{call: call{Op: opSnapshot}, life: livesEach + 1}, Output: answer{Rows: rows},
	}
}

// playOne is one life, whose record goes to a file of its own.
func playOne(ctx context.Context, told assignment, worker, number int) ([]porcupine.Operation, error) {
	cmd, err := command(ctx, told)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(told.Dir, fmt.Sprintf("record-%d.%d", worker, number))
	out, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	err = cmd.Run()
	l := life{Worker: told.Worker, Number: number, EndedAt: monotonic(), Killed: killed(err)}
	if err != nil && !l.Killed {
		return nil, fmt.Errorf("player %d, life %d: %w", worker, number, err)
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	if err := readEvents(in, func(e event) { l.Events = append(l.Events, e) }); err != nil {
		return nil, err
	}
	return operations(l, worker), nil
}

// operations makes a life's record a history. A call without an answer ends
// with its process: porcupine's custom is to let it end never, but a process
// that the kernel has ended does nothing any more, and to ask that is to ask
// more.
func operations(l life, worker int) []porcupine.Operation {
	var ops []porcupine.Operation
	// The kill came after what was recorded last.
	end := porcupine.Operation{Call: l.EndedAt, Return: l.EndedAt}
	if n := len(l.Events); n > 0 {
		end.Call = l.Events[n-1].At
	}
	for i, e := range l.Events {
		if e.Call == nil {
			continue
		}
		op := porcupine.Operation{
			ClientId: worker, Call: e.At, Return: l.EndedAt, Output: answer{},
			Input: input{call: *e.Call, worker: worker, life: l.Number, unanswered: true},
		}
		if i+1 < len(l.Events) {
			back := l.Events[i+1]
			op.Return, op.Output = back.At, *back.Answer
			op.Input = input{call: *e.Call, worker: worker, life: l.Number}
		}
		if e.Call.Op == opLeave {
			end.Call, end.Return = op.Call, op.Return
			continue
		}
		ops = append(ops, op)
	}
	end.ClientId, end.Output = worker, answer{}
	end.Input = input{call: call{Op: opDie}, worker: worker, life: l.Number}
	return append(ops, end)
}
