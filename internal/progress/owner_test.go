package progress_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"postfleet/internal/progress"
)

// TestRootGivesFilesAway: the orchestrator may be root while workers run as
// the data directory's owner.
func TestRootGivesFilesAway(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root makes files for others")
	}
	const uid, gid = 4321, 4322
	dir := t.TempDir()
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	l := open(t, dir)
	if _, err := l.Seed(t.Context(), someJobs(2), nil); err != nil {
		t.Fatal(err)
	}
	m, err := l.Join(t.Context(), "0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Claim(t.Context(), progress.Terms{}); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != uid || st.Gid != gid {
			t.Errorf("%s is not given to the directory's owner: %+v", path, info.Sys())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
