package doctor_test

import (
	"errors"
	"io"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/doctor"
)

func TestServerPhones(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer string
		want   map[string]string
		err    error
	}{
		"two": {
			"OKAY002aR5CT20\tdevice\n192.0.2.7:5555\tunauthorized\n",
			map[string]string{"R5CT20": "device", "192.0.2.7:5555": "unauthorized"},
			nil,
		},
		"none":         {"OKAY0000", map[string]string{}, nil},
		"refused":      {"FAIL0002no", nil, doctor.ErrNoADBServer},
		"a web server": {"HTTP/1.1 400 Bad Request", nil, doctor.ErrNoADBServer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := doctor.ServerPhones(t.Context(), serving(t, "host:devices", tc.answer))
			if diff := cmp.Diff(tc.want, got); diff != "" || !errors.Is(err, tc.err) {
				t.Errorf("got error %v, want %v (-want +got):\n%s", err, tc.err, diff)
			}
		})
	}
}

func TestServerForwards(t *testing.T) {
	t.Parallel()
	answer := "OKAY0036R5CT20 tcp:8200 tcp:6790\nR5CT21 localabstract:x tcp:1\n"
	got, err := doctor.ServerForwards(t.Context(), serving(t, "host:list-forward", answer))
	if diff := cmp.Diff(map[int]string{8200: "R5CT20"}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// serving is an adb server that expects one request.
func serving(t *testing.T, request, answer string) string {
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
		got := make([]byte, 4+len(request))
		if _, err := io.ReadFull(conn, got); err != nil || string(got[4:]) != request {
			t.Errorf("got the request %q and %v, want %q", got, err, request)
		}
		_, _ = io.WriteString(conn, answer)
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String()
}
