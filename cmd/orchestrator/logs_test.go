package main

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/workerimage"
)

func line(second, text string) string {
	return `{"time":"2026-03-01T10:00:` + second + `Z","level":"INFO","msg":"` + text + `"}` + "\n"
}

// withLogs is a world in which a fleet has run.
func withLogs(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, "")
	w.write("data/logs/orchestrator.log", line("01", "first")+line("05", "fifth"))
	w.write("data/logs/worker-0-2026-03-01T10-00-02.500.log", line("02", "second"))
	w.write("data/logs/worker-0.log", line("04", "fourth")+"a panic without a time\n")
	w.write("data/logs/worker-1.log", line("03", "third"))
	w.write("data/logs/worker-10.log", line("06", "sixth"))
	w.write("data/logs/appium-0.log", "[Appium] welcome\n[Appium] no last line end")
	w.write("data/logs/adb-0.log", "adb\n")
	return w
}

func TestLogsAreMergedByTime(t *testing.T) {
	t.Parallel()
	w := withLogs(t)
	w.must("logs")
	want := line("01", "first") + line("02", "second") + line("03", "third") + line("04", "fourth") +
		"worker-0 | a panic without a time\n" + line("05", "fifth") + line("06", "sixth")
	if diff := cmp.Diff(want, w.out.String()); diff != "" {
		t.Errorf("logs (-want +got):\n%s", diff)
	}
}

func TestLogsOfOne(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"0"}, line("02", "second") + line("04", "fourth") + "a panic without a time\n"},
		{[]string{"1"}, line("03", "third")},
		{[]string{"0", "--appium"}, "[Appium] welcome\n[Appium] no last line end\n"},
		{[]string{"--appium"}, "[Appium] welcome\n[Appium] no last line end\n"},
	} {
		w := withLogs(t)
		w.must(append([]string{"logs"}, tt.args...)...)
		if diff := cmp.Diff(tt.want, w.out.String()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.args, diff)
		}
	}
}

func TestLogsThatAreNotThere(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"logs", "7"}, {"logs", "lab-1"}, {"logs", "-1"}} {
		w := withLogs(t)
		if code := w.run(args...); code != workerimage.ExitUsage {
			t.Errorf("%v: got exit code %d, want %d", args, code, workerimage.ExitUsage)
		}
	}
}

// A followed log goes on in the file that comes after a rotation.
func TestLogsFollowARotation(t *testing.T) {
	t.Parallel()
	w := withLogs(t)
	codes := make(chan int, 1)
	go func() { codes <- w.run("logs", "1", "-f") }()
	w.await("third")
	w.append("data/logs/worker-1.log", line("07", "last in the old file"))
	older := w.path("data/logs/worker-1-2026-03-01T10-00-08.000.log")
	if err := os.Rename(w.path("data/logs/worker-1.log"), older); err != nil {
		t.Fatal(err)
	}
	w.write("data/logs/worker-1.log", line("09", "first in the new"))
	w.await("first in the new")
	w.append("data/logs/worker-1.log", strings.TrimSuffix(line("10", "in two parts"), "\n"))
	w.append("data/logs/worker-1.log", "\n")
	w.await("in two parts")
	w.signals <- syscall.SIGINT
	if code := <-codes; code != 0 {
		t.Errorf("got exit code %d, want 0", code)
	}
	want := line("03", "third") + line("07", "last in the old file") + line("09", "first in the new") +
		line("10", "in two parts")
	if diff := cmp.Diff(want, w.out.String()); diff != "" {
		t.Errorf("logs (-want +got):\n%s", diff)
	}
}

func (w *world) append(name, text string) {
	w.t.Helper()
	f, err := os.OpenFile(w.path(name), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		w.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// await waits until the output holds text.
func (w *world) await(text string) {
	w.t.Helper()
	for !strings.Contains(w.out.String(), text) {
		if !pause(w.t.Context(), pollEvery/10) {
			w.t.Fatalf("waited in vain for %q", text)
		}
	}
}

func TestParseRecord(t *testing.T) {
	t.Parallel()
	record, ok := parseRecord([]byte(`{"time":"2026-03-01T10:00:01.5Z","level":"WARN","msg":"m","b":2,"a":"x"}`))
	if !ok || record.Message != "m" || record.Level.String() != "WARN" || record.NumAttrs() != 2 {
		t.Errorf("got %+v, %v", record, ok)
	}
	for _, bad := range []string{
		"", "text", "{", `{"msg":"m"}`, `{"time":"soon","level":"INFO"}`,
		`{"time":"2026-03-01T10:00:01Z","level":"x"}`,
	} {
		if _, ok := parseRecord([]byte(bad)); ok {
			t.Errorf("%q was taken for a record of ours", bad)
		}
	}
}
