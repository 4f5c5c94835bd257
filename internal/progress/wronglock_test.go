package progress_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// workWrongly claims as one would at first: the lock is on the very file that
// is then renamed over.
func workWrongly(dir, id string) error {
	for {
		row, err := claimWrongly(filepath.Join(dir, "progress.csv"), id)
		if err != nil || row == 0 {
			return err
		}
		posts := filepath.Join(dir, "posts", strconv.Itoa(row))
		if err := os.MkdirAll(posts, 0o755); err != nil {
			return err
		}
		f, err := os.CreateTemp(posts, "post-*")
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
}

func claimWrongly(path, id string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return 0, err
	}
	var out []string
	claimed := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		if claimed == 0 && strings.HasSuffix(line, ",pending") {
			claimed, _ = strconv.Atoi(strings.TrimSuffix(line, ",pending"))
			line = strconv.Itoa(claimed) + "," + id
		}
		out = append(out, line)
	}
	if claimed == 0 {
		return 0, nil
	}
	tmp := path + ".tmp-" + id
	if err := os.WriteFile(tmp, []byte(strings.Join(out, "\n")+"\n"), 0o600); err != nil {
		return 0, err
	}
	return claimed, os.Rename(tmp, path)
}

// TestHarnessCatchesWrongLock: the check above can fail.
func TestHarnessCatchesWrongLock(t *testing.T) {
	t.Parallel()
	const rows, tries = 200, 5
	for range tries {
		dir := t.TempDir()
		var table strings.Builder
		for id := 1; id <= rows; id++ {
			fmt.Fprintf(&table, "%d,pending\n", id)
		}
		if err := os.WriteFile(filepath.Join(dir, "progress.csv"), []byte(table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		var running []*exec.Cmd
		for n := range 3 {
			running = append(running, start(t, roleWrong, dir, strconv.Itoa(n)))
		}
		for _, cmd := range running {
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		}
		if wrong := once(dir, rows); len(wrong) > 0 {
			t.Logf("the wrong lock was caught: %d jobs, such as %s", len(wrong), wrong[0])
			return
		}
	}
	t.Error("a lock on the renamed file was not caught")
}
