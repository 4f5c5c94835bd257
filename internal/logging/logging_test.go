package logging_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"postfleet/internal/logging"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	logger := slog.New(logging.Terminal(&b, slog.LevelInfo)) // a buffer is no terminal
	logger.Debug("too quiet to be seen")
	logger.Info("worker ended",
		logging.KeyWorker, 3, "ran", 1500*time.Millisecond, logging.KeyError, errors.New("boom"))
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("not one JSON object: %v: %s", err, b.String())
	}
	for key, want := range map[string]any{
		"msg": "worker ended", "worker_id": 3.0, "ran": "1.5s", "error": "boom", "level": "INFO",
	} {
		if got[key] != want {
			t.Errorf("%s: got %v, want %v", key, got[key], want)
		}
	}
}

func TestTeeHandsToAll(t *testing.T) {
	t.Parallel()
	var a, b bytes.Buffer
	logging.Tee(logging.JSON(&a, slog.LevelInfo), logging.JSON(&b, slog.LevelError)).Info("started")
	if a.Len() == 0 {
		t.Error("the first handler got nothing")
	}
	if b.Len() != 0 {
		t.Errorf("the second handler's level was ignored: %s", b.String())
	}
}

func TestFileAppends(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "logs", "worker-0.log")
	for range 2 {
		f := logging.File(path)
		if _, err := f.Write([]byte("line\n")); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != "line\nline\n" {
		t.Errorf("got %q, want both lines", got)
	}
}

// TestFileIsBounded: the old files are removed behind the writer's back, so
// that is waited for.
func TestFileIsBounded(t *testing.T) {
	t.Parallel()
	dir, began := t.TempDir(), time.Now()
	f := logging.File(filepath.Join(dir, "worker-0.log"))
	line := append(bytes.Repeat([]byte("x"), 1<<20-1), '\n')
	for range (logging.MaxOldFiles + 2) * logging.MaxFileBytes / len(line) {
		if _, err := f.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var files []os.DirEntry
	for range time.Tick(10 * time.Millisecond) {
		var err error
		if files, err = os.ReadDir(dir); err != nil {
			t.Fatal(err)
		}
		if len(files) == logging.MaxOldFiles+1 {
			break
		}
		if time.Since(began) > 10*time.Second {
			t.Fatalf("files: got %v, want %d", files, logging.MaxOldFiles+1)
		}
	}
	for _, file := range files {
		if info, err := file.Info(); err != nil || info.Size() > logging.MaxFileBytes {
			t.Errorf("%s: got %v, %v, want at most %d bytes", file.Name(), info, err, logging.MaxFileBytes)
		}
	}
}
