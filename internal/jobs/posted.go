package jobs

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/fault"
)

// Posted is one line of posted.csv: a video that an account has published. The
// log spans archived ledgers, and ids begin anew in each: JobID is only told.
type Posted struct {
	Account string
	// SHA256 is the video's content, as HashVideo returns it.
	SHA256 string
	JobID  int
	// At is when the post was seen, to the second, in UTC.
	At time.Time
}

// Repeat is what is said of a job that would post the same video again.
func (p Posted) Repeat() string {
	return fmt.Sprintf("duplicate: this video was posted for the account at %s (job %d); to post it again, "+
		"put yes in the row's %s column and requeue it", p.At.UTC().Format(time.RFC3339), p.JobID, ColumnRepeat)
}

// postedColumns are the header of posted.csv.
func postedColumns() []string { return []string{"account", "video_sha256", "job_id", "at"} }

// AppendPosted appends p to the log at path and returns when it is on the disk.
// The file is made, with its header, when it is not there. Many processes may
// append at once, and a line may be there twice.
func AppendPosted(path string, p Posted) error {
	return appendLog{path: path, columns: postedColumns()}.append([]string{
		p.Account, p.SHA256, strconv.Itoa(p.JobID), p.At.UTC().Format(time.RFC3339),
	})
}

// PostedLog is what posted.csv holds, as far as it was asked for. The zero
// value is an empty log.
type PostedLog struct {
	// Unreadable counts the lines that were passed over: a crash cut them
	// short, or somebody else wrote them.
	Unreadable int

	accounts map[string]map[string]Posted // by account, by SHA256
}

// ReadPosted reads the log at path, and of it the lines of the accounts that
// want names; a nil want keeps them all. It holds one line in memory beside
// what it keeps. A file that is not there is an empty log. Errors have the
// class fault.Infra: nothing is known then of what was posted.
func ReadPosted(path string, want func(account string) bool) (PostedLog, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return PostedLog{}, nil
	}
	if err != nil {
		return PostedLog{}, fault.Errorf(fault.Infra, "read what was posted: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	var log PostedLog
	for line, err := range textLines(f) {
		if err != nil {
			return PostedLog{}, fault.Errorf(fault.Infra, "read what was posted: %w", err)
		}
		log.add(line, want)
	}
	return log, nil
}

// Find returns the last post of the video for the account.
func (l PostedLog) Find(account, sha256 string) (Posted, bool) {
	p, ok := l.accounts[account][sha256]
	return p, ok
}

// Has reports whether the account has posted anything.
func (l PostedLog) Has(account string) bool { return len(l.accounts[account]) > 0 }

func (l *PostedLog) add(line string, want func(account string) bool) {
	if line == "" {
		return
	}
	p, header, err := parsePosted(line)
	switch {
	case header:
		return
	case err != nil:
		l.Unreadable++
		return
	case want != nil && !want(p.Account):
		return
	}
	if l.accounts == nil {
		l.accounts = make(map[string]map[string]Posted)
	}
	if l.accounts[p.Account] == nil {
		l.accounts[p.Account] = make(map[string]Posted)
	}
	l.accounts[p.Account][p.SHA256] = p
}

// postedBuffer is longer than any line of the log.
const postedBuffer = 1 << 16

// textLines yields the lines of r, and of one that is longer than any of ours
// the beginning. An error ends them.
func textLines(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		buffered := bufio.NewReaderSize(r, postedBuffer)
		for rest := false; ; {
			line, more, err := buffered.ReadLine()
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield("", err)
				return
			case !rest && !yield(string(line), nil):
				return
			}
			rest = more
		}
	}
}

// parsePosted reads a line of the log. No part of what AppendPosted writes
// passes for a whole line: at ends in a Z.
func parsePosted(line string) (p Posted, header bool, err error) {
	for rec, err := range ParseText(line) {
		if err != nil {
			return Posted{}, false, err
		}
		if slices.Equal(rec.Fields, postedColumns()) {
			return Posted{}, true, nil
		}
		p, err = newPosted(rec.Fields)
		return p, false, err
	}
	return Posted{}, false, errors.New("nothing but a byte order mark")
}

func newPosted(fields []string) (Posted, error) {
	if len(fields) != len(postedColumns()) {
		return Posted{}, fmt.Errorf("%d fields, not %d", len(fields), len(postedColumns()))
	}
	p := Posted{Account: fields[0], SHA256: strings.ToLower(fields[1])}
	sum, sumErr := hex.DecodeString(p.SHA256)
	if sumErr == nil && len(sum) != sumSize || p.Account == "" {
		sumErr = errors.New("no account or no SHA-256")
	}
	id, idErr := strconv.Atoi(fields[2])
	at, atErr := time.Parse(time.RFC3339, fields[3])
	p.JobID, p.At = id, at.UTC()
	return p, errors.Join(sumErr, idErr, atErr)
}
