package doctor_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"postfleet/internal/doctor"
	"postfleet/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestReport(t *testing.T) {
	t.Parallel()
	var r doctor.Report
	r.OK("a", "%d things", 2)
	r.Warn("b", "mend it", "two\nlines")
	r.Error("c", fault.Mark(fault.Input, errors.Join(errors.New("one"), fmt.Errorf("more: %w", errors.New("two")))))
	r.Unchecked("d", "no engine")
	var text, list bytes.Buffer
	if err := errors.Join(r.WriteText(&text), r.WriteJSON(&list)); err != nil {
		t.Fatal(err)
	}
	const want = `ok         a  2 things
warn       b  two lines: mend it
fail       c  one
fail       c  more: two
unchecked  d  not checked: no engine
1 ok, 1 warn, 2 fail, 1 unchecked
`
	if got := text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := list.String(); !strings.Contains(got, `"mend": "mend it"`) || !strings.Contains(got, `"fail": 2`) {
		t.Errorf("got %s", got)
	}
	if r.Failed("a", "b", "d") || !r.Failed("b", "c") {
		t.Error("got the wrong checks as failed")
	}
}

// header is an adb message's with that first word.
func header(word string) []byte {
	b := make([]byte, 24)
	copy(b, word)
	binary.LittleEndian.PutUint32(b[20:], ^binary.LittleEndian.Uint32(b))
	return b
}

func TestGreet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		answer []byte
		want   doctor.Greeting
		err    error
	}{
		{"open", header("CNXN"), doctor.Welcome, nil},
		{"locked", header("AUTH"), doctor.AsksForKey, nil},
		{"wireless debugging", header("STLS"), doctor.WantsTLS, nil},
		{"another message", header("OKAY"), "", doctor.ErrNoADB},
		{"a web server", []byte("HTTP/1.1 400 Bad Request\r\n"), "", doctor.ErrNoADB},
		{"hangs up", nil, "", io.EOF},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := doctor.Greet(t.Context(), answering(t, tc.answer))
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

// answering listens, reads a hello, answers and hangs up.
func answering(t *testing.T, answer []byte) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close() //nolint:errcheck // the test's own
		hello := make([]byte, 31)
		if _, err := io.ReadFull(conn, hello); err != nil || !strings.HasSuffix(string(hello), "host::\x00") {
			t.Errorf("got %q, %v, want a greeting", hello, err)
		}
		_, _ = conn.Write(answer)
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String()
}

// TestGreetEnds: a phone that is frozen accepts and says nothing.
func TestGreetEnds(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test's own
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := doctor.Greet(ctx, l.Addr().String()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
}
