package ledgerproof

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// envLife makes a process a worker of a proof: it holds what the life is to do.
const envLife = "POSTFLEET_LEDGERPROOF_LIFE"

// assignment is what a worker process is told. Its record goes to its standard
// output; its standard input is the parent's word to go on after opHold.
type assignment struct {
	Role   string `json:"role"`
	Dir    string `json:"dir"`
	Worker string `json:"worker"`
	Seed   uint64 `json:"seed"`
	// JobTime is about what a job takes.
	JobTime time.Duration `json:"job_time"`
	// Doomed lives are going to be killed: they do not use up the jobs, nor end
	// by themselves, but wait for it when they have ended some claims.
	Doomed bool `json:"doomed"`
	// Hold makes the worker wait for its parent when it has its first claim.
	Hold bool `json:"hold"`
	// Die is when the process is to kill itself, if it is.
	Die *selfKill `json:"die,omitempty"`
	// Calls is how many random calls a player of the other proof makes.
	Calls int `json:"calls"`
}

const roleWorker = "worker"

// Child is to be called first by a program that calls Run: the processes that
// Run starts are the program itself. It reports whether this process is one of
// them; such a process ends with the error, having done its work.
func Child(ctx context.Context) (ran bool, err error) {
	a, ok, err := assigned()
	if !ok || err != nil {
		return ok, err
	}
	if a.Role != roleWorker {
		return false, nil
	}
	return true, work(ctx, a)
}

// assigned returns what this process was told, if it was.
func assigned() (a assignment, ok bool, err error) {
	text, ok := os.LookupEnv(envLife)
	if !ok {
		return a, false, nil
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, true, fmt.Errorf("read %s: %w", envLife, err)
	}
	return a, true, nil
}

// command is this program as a process with an assignment.
func command(ctx context.Context, a assignment) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	text, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("write assignment: %w", err)
	}
	cmd := exec.CommandContext(ctx, self)
	// A process with the race detector waits a second before it ends, if not told
	// otherwise.
	cmd.Env = append(os.Environ(), envLife+"="+string(text), "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	return cmd, nil
}
