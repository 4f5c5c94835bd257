package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/config"
	"postfleet/internal/fault"
)

const samples = "../../testdata/config"

func TestGoodFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(samples, "*.good.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d good files, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			if _, err := config.Load(config.Options{Path: file}); err != nil {
				t.Errorf("got %v, want no problem", err)
			}
		})
	}
}

// TestBadFiles holds each file against the problems that its first lines name:
// these and no others.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(samples, "*.bad.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d bad files, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(config.Options{Path: file})
			if !fault.Is(err, fault.Input) {
				t.Fatalf("got %v of class %v, want class input", err, fault.Of(err))
			}
			got := strings.Split(err.Error(), "\n")
			want := wanted(t, file)
			slices.Sort(got)
			if strings.HasPrefix(filepath.Base(file), "not-yaml") {
				if !strings.HasSuffix(strings.SplitAfter(got[0], want[0])[0], want[0]) {
					t.Errorf("got %q, want it to hold %q", got[0], want[0])
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func wanted(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(b)) {
		if text, ok := strings.CutPrefix(line, "# want: "); ok {
			want = append(want, filepath.Base(file)+": "+strings.TrimSpace(text))
		}
	}
	if len(want) == 0 {
		t.Fatalf("%s names no problem", file)
	}
	slices.Sort(want)
	return want
}
