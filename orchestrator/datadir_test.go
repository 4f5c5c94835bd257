package orchestrator_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func TestPrepareDataDir(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	logs := filepath.Join(data, "logs")
	for range 2 { // the second finds all there
		user, err := orchestrator.PrepareDataDir(data, logs)
		if err != nil {
			t.Fatal(err)
		}
		uid, gid := ownerOf(t, data)
		if want := strconv.Itoa(uid) + ":" + strconv.Itoa(gid); user != want {
			t.Errorf("got user %s, want the directory's owner %s", user, want)
		}
		for _, name := range []string{"workers", "artifacts", "media", "sim", "logs"} {
			info, err := os.Stat(filepath.Join(data, name))
			if err != nil || !info.IsDir() {
				t.Errorf("%s: got %v, %v, want a directory", name, info, err)
			}
		}
	}
}

func TestPrepareDataDirAsRoot(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	root := t.TempDir()
	data, elsewhere := filepath.Join(root, "data"), filepath.Join(root, "elsewhere")
	for _, dir := range []string{data, elsewhere} {
		if err := os.Mkdir(dir, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"progress.csv", "progress.csv.lock", "results.csv", "jobs.csv"} {
		touch(t, filepath.Join(data, name))
	}
	if err := os.Symlink("/etc", filepath.Join(data, "artifacts")); err != nil {
		t.Fatal(err)
	}
	etc, _ := ownerOf(t, "/etc")
	user, err := orchestrator.PrepareDataDir(data, elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	if want := strconv.Itoa(workerimage.UID) + ":" + strconv.Itoa(workerimage.UID); user != want {
		t.Errorf("got user %s, want the image's %s", user, want)
	}
	want := map[string]int{
		"": workerimage.UID, "progress.csv": workerimage.UID, "progress.csv.lock": workerimage.UID,
		"results.csv": workerimage.UID, "workers": workerimage.UID, "sim": workerimage.UID, "jobs.csv": 0,
	}
	for name, uid := range want {
		if got, _ := ownerOf(t, filepath.Join(data, name)); got != uid {
			t.Errorf("%q: got owner %d, want %d", name, got, uid)
		}
	}
	if got, _ := ownerOf(t, elsewhere); got != 0 {
		t.Errorf("a log directory that was there before: got owner %d, want it left alone", got)
	}
	if got, _ := ownerOf(t, "/etc"); got != etc {
		t.Error("a link was followed")
	}
}

func TestPrepareDataDirOfSomebody(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	data := t.TempDir()
	if err := os.Chown(data, 1234, 1235); err != nil {
		t.Fatal(err)
	}
	user, err := orchestrator.PrepareDataDir(data, filepath.Join(data, "logs"))
	if err != nil || user != "1234:1235" {
		t.Errorf("got %s, %v, want 1234:1235", user, err)
	}
	if uid, _ := ownerOf(t, filepath.Join(data, "logs")); uid != 1234 {
		t.Errorf("logs belong to %d, want 1234", uid)
	}
}

func ownerOf(t *testing.T, path string) (uid, gid int) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	st := info.Sys().(*syscall.Stat_t)
	return int(st.Uid), int(st.Gid)
}
