package ledgerproof

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"postfleet/internal/progress"
)

// The operations that processes record.
const (
	opJoin     = "join"
	opClaim    = "claim"
	opPhase    = "phase"
	opFinish   = "finish"
	opRescue   = "rescue"
	opSnapshot = "snapshot"
	opRequeue  = "requeue"
	opLeave    = "leave"
	// opStale is a call with the claim of an earlier life, or one that ended.
	opStale = "stale"
	// opTap is the post itself.
	opTap = "tap"
	// opHold waits for the parent, with a claim held.
	opHold = "hold"
	// opIdle waits for the end, with none.
	opIdle = "idle"
)

// The answers of the ledger, as they are recorded. Any other is its text.
const (
	answerOK         = ""
	answerNow        = "nothing now"
	answerLeft       = "nothing left"
	answerLost       = "lost"
	answerImpossible = "impossible"
)

// call is an operation with its arguments.
type call struct {
	Op      string         `json:"op"`
	Job     int            `json:"job,omitempty"`
	Token   string         `json:"token,omitempty"`
	Phase   progress.Phase `json:"phase,omitempty"`
	Outcome string         `json:"outcome,omitempty"`
	Checked bool           `json:"checked,omitempty"`
	// Repeat is set when the same Finish has taken effect before.
	Repeat bool `json:"repeat,omitempty"`
}

// answer is what an operation returned.
type answer struct {
	Answer  string             `json:"answer,omitempty"`
	Job     int                `json:"job,omitempty"`
	Attempt int                `json:"attempt,omitempty"`
	Verify  bool               `json:"verify,omitempty"`
	Phase   progress.Phase     `json:"phase,omitempty"`
	Token   string             `json:"token,omitempty"`
	Freed   []progress.Rescued `json:"freed,omitempty"`
	Rows    []progress.Row     `json:"rows,omitempty"`
}

// event is one line of a process's record: a call, or the answer to the last.
type event struct {
	At     int64   `json:"at"` // of monotonic
	Call   *call   `json:"call,omitempty"`
	Answer *answer `json:"return,omitempty"`
}

// record writes a process's events. Each is one write to a file or a pipe,
// made before the call and after the return: what was written outlives the
// process, however it ends.
type record struct{ to io.Writer }

func (r record) call(c call) error { return r.write(event{Call: &c}) }

func (r record) answer(a answer) error { return r.write(event{Answer: &a}) }

func (r record) write(e event) error {
	e.At = monotonic()
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if _, err := r.to.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// maxEventBytes is longer than any line, a snapshot's too.
const maxEventBytes = 4 << 20

// readEvents calls fn for each event until the record ends. A last line
// without its end is no event: its process was killed in the write.
func readEvents(from io.Reader, fn func(event)) error {
	lines := bufio.NewReaderSize(from, maxEventBytes)
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read record: %w", err)
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("read record: %w", err)
		}
		fn(e)
	}
}

// answerTo names the ledger's error.
func answerTo(err error) string {
	switch {
	case err == nil:
		return answerOK
	case errors.Is(err, progress.ErrNothingNow):
		return answerNow
	case errors.Is(err, progress.ErrNothingLeft):
		return answerLeft
	case errors.Is(err, progress.ErrLostClaim):
		return answerLost
	case errors.Is(err, progress.ErrImpossible):
		return answerImpossible
	}
	return err.Error()
}

// expected reports whether the answer is one that a sound ledger gives.
func expected(answer string) bool {
	switch answer {
	case answerOK, answerNow, answerLeft, answerLost, answerImpossible:
		return true
	}
	return false
}
