package android

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

const keptLogLines = 500

// logBuffer is what logcat shows.
type logBuffer struct {
	mu    sync.Mutex
	lines []string
	total int           // lines ever written
	more  chan struct{} // closed and replaced with every line
}

func newLogBuffer() *logBuffer { return &logBuffer{more: make(chan struct{})} }

func (b *logBuffer) write(tag, text string) {
	line := fmt.Sprintf("%s  1000  1000 I %s: %s\n", time.Now().Format("01-02 15:04:05.000"), tag, text)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
	b.lines = b.lines[max(0, len(b.lines)-keptLogLines):]
	b.total++
	close(b.more)
	b.more = make(chan struct{})
}

func (b *logBuffer) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = nil
}

// since returns the kept lines from number seen on, the number after the
// last, and a channel that is closed when there are more.
func (b *logBuffer) since(seen int) (lines []string, next int, more <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fresh := min(b.total-seen, len(b.lines))
	return append(lines, b.lines[len(b.lines)-fresh:]...), b.total, b.more
}

// copy writes the log to w, and with follow goes on until ctx is done.
func (b *logBuffer) copy(ctx context.Context, w io.Writer, follow bool) error {
	seen := 0
	for {
		lines, next, more := b.since(seen)
		for _, line := range lines {
			if _, err := io.WriteString(w, line); err != nil {
				return err
			}
		}
		if !follow {
			return nil
		}
		seen = next
		select {
		case <-more:
		case <-ctx.Done():
			return nil
		}
	}
}
