package workerimage

import "strings"

// LastWords is why a worker ends, as the last line that it writes to standard
// error. An exit code says what kind of trouble it was, and this whose.
type LastWords struct {
	// Why is for people.
	Why string
	// Fleet goes with ExitHuman: not this worker's device alone needs the person,
	// but whatever all devices of its kind stand on, such as an account that has
	// no credit. No worker gets any further.
	Fleet bool
}

const (
	wordsMark = "worker: "
	fleetMark = "worker: for the whole fleet: "
)

// String is the line, without its end.
func (w LastWords) String() string {
	mark := wordsMark
	if w.Fleet {
		mark = fleetMark
	}
	return mark + strings.Join(strings.FieldsFunc(w.Why, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

// ReadLastWords finds the line in the end of a worker's output. False when there
// is none: the worker was killed, or its output is gone.
func ReadLastWords(output string) (words LastWords, found bool) {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if why, isFleet := strings.CutPrefix(line, fleetMark); isFleet {
			words, found = LastWords{Why: why, Fleet: true}, true
		} else if why, ok := strings.CutPrefix(line, wordsMark); ok {
			words, found = LastWords{Why: why}, true
		}
	}
	return words, found
}
