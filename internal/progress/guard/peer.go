package guard

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/filelock"
)

// sighting is what a process finds under the probe's name.
type sighting struct {
	Inode   uint64 `json:"inode"`
	Content string `json:"content"`
	// Locked: it got the lock, and has given it up again.
	Locked bool `json:"locked"`
	// Error is why it found nothing out.
	Error string `json:"error,omitempty"`
}

// Peer is the second process of a Probe. For each line of in it opens the file
// at path anew, tries to lock it, and writes to out what came of it. It blocks
// until in ends, as it does when the first process has died.
func Peer(path string, in io.Reader, out io.Writer) error {
	answers := json.NewEncoder(out)
	questions := bufio.NewScanner(in)
	for questions.Scan() {
		if err := answers.Encode(tryOn(path)); err != nil {
			return fmt.Errorf("answer the probe: %w", err)
		}
	}
	return questions.Err()
}

func tryOn(path string) sighting {
	s, err := see(path)
	if err == nil {
		s.Locked, err = tryLock(path)
	}
	if err != nil {
		s.Error = err.Error()
	}
	return s
}

// see opens the file.
func see(path string) (s sighting, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sighting{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return sighting{}, err
	}
	content, err := io.ReadAll(f)
	if err != nil {
		return sighting{}, err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Inode = st.Ino
	}
	s.Content = string(content)
	return s, nil
}

func tryLock(path string) (bool, error) {
	held, err := filelock.Hold(path)
	if errors.Is(err, progress.ErrBusy) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, held.Release()
}

// peer is the second process as the first sees it.
type peer struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *json.Decoder
	errors  bytes.Buffer
}

// startPeer starts it. Whoever calls startPeer calls end.
func startPeer(cmd *exec.Cmd) (*peer, error) {
	p := &peer{cmd: cmd}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	p.in, p.answers = in, json.NewDecoder(out)
	cmd.Stderr, cmd.WaitDelay = &p.errors, time.Second
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a second process: %w", err)
	}
	return p, nil
}

// look has it try the lock.
func (p *peer) look() (sighting, error) {
	if _, err := fmt.Fprintln(p.in); err != nil {
		return sighting{}, fmt.Errorf("ask the second process: %w", err)
	}
	var s sighting
	if err := p.answers.Decode(&s); err != nil {
		return sighting{}, fmt.Errorf("hear the second process: %w", err)
	}
	return s, nil
}

// end waits for its end, which is what the end of its input asks for.
func (p *peer) end() error {
	closed := p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("second process: %w: %s", err, bytes.TrimSpace(p.errors.Bytes()))
	}
	return closed
}
