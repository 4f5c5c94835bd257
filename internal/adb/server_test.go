package adb_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"postfleet/internal/adb"
	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

// config returns a server that is the test binary in the given role.
func config(t *testing.T, role string) adb.ServerConfig {
	t.Helper()
	cfg := adb.ServerConfig{
		Program: os.Args[0], Port: freePort(t), Home: t.TempDir(),
		LogPath: filepath.Join(t.TempDir(), "adb-0.log"), StartTimeout: patience,
	}
	if err := os.WriteFile(filepath.Join(cfg.Home, "role"), []byte(role), 0o600); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func assertFree(t *testing.T, port int) {
	t.Helper()
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatalf("port is not free: %v", err)
	}
	_ = l.Close()
}

func TestServer(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"good", "deaf"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, role)
			s, err := adb.StartServer(t.Context(), cfg, logging.Discard())
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if err := s.Stop(ctx); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			<-s.Done()
			assertFree(t, cfg.Port)
			log, err := os.ReadFile(cfg.LogPath)
			if err != nil {
				t.Fatal(err)
			}
			want := fmt.Sprintf("args: -P %d nodaemon server home: %s\n", cfg.Port, cfg.Home)
			if string(log) != want {
				t.Errorf("got log %q, want %q", log, want)
			}
		})
	}
}

func TestServerThatDoesNotStart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ role, want string }{
		{role: "exits", want: "(exit status 99)"},
		{role: "exits", want: "no server today"},
		{role: "mute", want: "did not get ready"},
	} {
		t.Run(tc.role+" "+tc.want, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, tc.role)
			if tc.role == "mute" {
				cfg.StartTimeout = 200 * time.Millisecond
			}
			_, err := adb.StartServer(t.Context(), cfg, logging.Discard())
			if !errors.Is(err, adb.ErrNotReady) || !fault.Is(err, fault.Infra) {
				t.Fatalf("got %v of class %q, want %v", err, fault.Of(err), adb.ErrNotReady)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %q, want %q in it", err, tc.want)
			}
			assertFree(t, cfg.Port)
		})
	}
}

func TestServerWhosePortIsTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	cfg := config(t, "good")
	cfg.Port = l.Addr().(*net.TCPAddr).Port
	if _, err := adb.StartServer(t.Context(), cfg, logging.Discard()); !errors.Is(err, adb.ErrPortTaken) {
		t.Errorf("got %v, want %v", err, adb.ErrPortTaken)
	}
}

// A client starts a server of its own when ours has died. It must not keep ours
// from coming back.
func TestServerTakesItsPortBack(t *testing.T) {
	t.Parallel()
	strange := config(t, "good")
	other, err := adb.StartServer(t.Context(), strange, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Stop(context.WithoutCancel(t.Context())) }()
	cfg := config(t, "good")
	cfg.Port = strange.Port
	s, err := adb.StartServer(t.Context(), cfg, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	<-other.Done()
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	assertFree(t, cfg.Port)
}

func TestServerStartIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := adb.StartServer(ctx, config(t, "mute"), logging.Discard())
	if !errors.Is(err, context.DeadlineExceeded) || fault.Of(err) != fault.Unclassified {
		t.Errorf("got %v of class %q", err, fault.Of(err))
	}
}
