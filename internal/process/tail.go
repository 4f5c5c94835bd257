package process

import (
	"bytes"
	"sync"
)

// Tail is a writer that keeps the last bytes written to it, so that an error
// can carry what a program said last. Write never fails. Safe for concurrent use.
type Tail struct {
	mu   sync.Mutex
	size int
	buf  []byte
	lost bool
}

// NewTail returns a Tail that keeps at most size bytes.
func NewTail(size int) *Tail { return &Tail{size: size} }

// Write implements io.Writer.
func (t *Tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - t.size; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
		t.lost = true
	}
	return len(b), nil
}

// String returns what was kept. When the beginning was lost it starts with a
// whole line, where there is one.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.buf
	if i := bytes.IndexByte(b, '\n'); t.lost && i >= 0 && i+1 < len(b) {
		b = b[i+1:]
	}
	return string(b)
}
