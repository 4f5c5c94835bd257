package progress

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// journal is what progress.csv.journal says. Before progress.csv is replaced,
// the fingerprint of what is to come is appended and flushed. So after a crash
// at any instant the file is what the last line describes, or, when the crash
// came between the two, the line before it. A file that is neither was not
// written by the ledger.
type journal struct {
	// states are those of the last two lines, oldest first.
	states []fingerprint
	// ends are where each of their lines ends; size is where the last good
	// line of all ends.
	ends []int64
	size int64
}

// errJournal is a journal with good lines behind a bad one.
var errJournal = errors.New("progress: damaged journal")

// readJournal reads the file's bytes. A last line that a crash cut short is no
// error: it is as if it had not been begun.
func readJournal(data []byte) (journal, error) {
	var j journal
	for rest := data; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		f, ok := decodeFingerprint(rest[:n])
		if !ok {
			return j, checkTail(rest)
		}
		rest = rest[n:]
		j.add(f)
	}
	return j, nil
}

func (j *journal) add(f fingerprint) {
	const kept = 2
	if len(j.states) == kept {
		j.states, j.ends = j.states[1:], j.ends[1:]
	}
	j.size += int64(len(f.encode()))
	j.states, j.ends = append(j.states, f), append(j.ends, j.size)
}

// checkTail looks for a good line behind a bad one.
func checkTail(rest []byte) error {
	for line := range bytes.Lines(rest) {
		if _, ok := decodeFingerprint(line); ok {
			return fmt.Errorf("%w: a line in the middle is not what was written", errJournal)
		}
	}
	return nil
}

// locate returns the offset behind the line that describes data, nil for no
// file. ok is false when neither of the last two does. A journal without lines
// knows nothing and accepts everything, at offset 0.
func (j journal) locate(data []byte) (offset int64, ok bool) {
	if len(j.states) == 0 {
		return 0, true
	}
	for i, s := range slices.Backward(j.states) {
		if s.matches(data) {
			return j.ends[i], true
		}
	}
	return 0, false
}

// last is the newest state that was announced.
func (j journal) last() fingerprint { return j.states[len(j.states)-1] }
