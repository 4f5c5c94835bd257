package dockerengine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/containerd/errdefs"
	dockerapi "github.com/docker/docker/api"

	"postfleet/orchestrator"
)

// TestVersions: from 1.41 up the engine's own version is spoken, and of an
// engine that is newer than the client the client's.
func TestVersions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ engine, spoken string }{
		{"1.24", ""},
		{"1.40", ""},
		{"1.41", "1.41"},
		{"1.43", "1.43"},
		{"1.47", "1.47"},
		{"1.99", dockerapi.DefaultVersion},
	} {
		t.Run(tc.engine, func(t *testing.T) {
			t.Parallel()
			d := newDaemon(t)
			d.version = tc.engine
			d.answers["GET /containers/json"] = answer{status: 200, body: "[]"}
			e := d.engine(outside(t))
			err := e.Ping(t.Context())
			if tc.spoken == "" {
				if want := "API " + tc.engine + ": 1.41 or later"; err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.List(t.Context(), "f"); err != nil {
				t.Fatal(err)
			}
			if got, want := d.paths[len(d.paths)-1], "/v"+tc.spoken+"/containers/json"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestUnreachableEngineIsOneLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rootless := filepath.Join(dir, "docker.sock")
	dead := filepath.Join(dir, "dead.sock")
	for _, path := range []string{rootless, dead} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	deaf, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := deaf.Addr().String()
	if err := deaf.Close(); err != nil {
		t.Fatal(err)
	}
	const another = "a rootless engine has its socket at DOCKER_HOST=unix://"
	for _, tc := range []struct {
		host, runtimeDir string
		want             []string
	}{
		{"unix://" + filepath.Join(dir, "none.sock"), "/nowhere", []string{"the socket is not there"}},
		{"unix://" + filepath.Join(dir, "none.sock"), dir, []string{"is not there", another + rootless}},
		{"unix://" + dead, "/nowhere", []string{"nobody answers: is dockerd running?"}},
		{"tcp://" + address, dir, []string{"is it running?"}},
		{"ssh://somebody@somewhere", dir, []string{"forward the engine's socket with ssh -L"}},
	} {
		files := outside(t)
		files.runtimeDir = tc.runtimeDir
		err := newDaemon(t).engineAt(tc.host, files).Ping(t.Context())
		mustBeUnreachable(t, err, append(tc.want, tc.host)...)
	}
}

func mustBeUnreachable(t *testing.T, err error, want ...string) {
	t.Helper()
	if !errors.Is(err, orchestrator.ErrUnreachable) {
		t.Errorf("got %v, want ErrUnreachable", err)
		return
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("got %q, want one line", err)
	}
	for _, part := range want {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got %q, want it to hold %q", err, part)
		}
	}
}

// TestSocketPermission: root may do everything, so the refusal is the client's
// as it comes from the kernel.
func TestSocketPermission(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	socket := filepath.Join(dir, "engine.sock")
	for _, path := range []string{socket, filepath.Join(dir, "docker.sock")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := outside(t)
	files.runtimeDir = dir
	e := newDaemon(t).engineAt("unix://"+socket, files)
	refused := &net.OpError{Op: "dial", Net: "unix", Err: os.NewSyscallError("connect", syscall.EACCES)}
	mustBeUnreachable(t, e.unreachable(refused), "no permission: run as root or join the socket's group (",
		"log in anew", "a rootless engine has its socket at", "docker.sock")
}

// TestErrorClasses: what the engine answers, by the kind of its answer.
func TestErrorClasses(t *testing.T) {
	t.Parallel()
	ended, stop := context.WithCancel(t.Context())
	stop()
	for _, tc := range []struct {
		name string
		err  error
		is   error
		want string
	}{
		{"none", nil, nil, ""},
		{"not found", fmt.Errorf("no: %w", errdefs.ErrNotFound), orchestrator.ErrNotFound, "do: "},
		{"forbidden", fmt.Errorf("no: %w", errdefs.ErrPermissionDenied), errdefs.ErrPermissionDenied, "proxy in front"},
		{"unauthorized", fmt.Errorf("no: %w", errdefs.ErrUnauthenticated), errdefs.ErrUnauthenticated, "a proxy"},
		{"late", context.DeadlineExceeded, context.DeadlineExceeded, "did not answer in time"},
		{"conflict", fmt.Errorf("no: %w", errdefs.ErrConflict), errdefs.ErrConflict, "do: no"},
		{"internal", fmt.Errorf("on fire: %w", errdefs.ErrInternal), errdefs.ErrInternal, "do: on fire"},
	} {
		err := newDaemon(t).engine(outside(t)).classify(ended, "do", tc.err)
		if !errors.Is(err, tc.is) || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %v with %q", tc.name, err, tc.is, tc.want)
		}
	}
}
