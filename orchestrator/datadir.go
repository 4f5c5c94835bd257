package orchestrator

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"postfleet/workerimage"
)

// Files of the data directory that are the orchestrator's.
const (
	// LockFile is held by the one orchestrator of a data directory.
	LockFile = "orchestrator.lock"
	// ShutdownFile tells workers, by being there, to claim nothing new.
	ShutdownFile = "shutdown"
	// PostsFile is what the simulated phones posted, gathered at the end.
	PostsFile = "posts.json"
)

const (
	dirPerm  = 0o755
	filePerm = 0o644
)

// PrepareDataDir makes dataDir with its folders, and logDir. A directory that
// belongs to root, prepared by root, is handed with our own files in it to the
// image's user, so that workers need not be root. A log directory that was there
// before and lies elsewhere keeps its owner. It returns uid:gid of the
// directory's owner, for workerimage.Place.User. Call it again after files were
// written in it; a second call changes nothing else.
func PrepareDataDir(dataDir, logDir string) (string, error) {
	dirs := []string{dataDir}
	for _, name := range []string{workersFolder, "artifacts", "media", simFolder} {
		dirs = append(dirs, filepath.Join(dataDir, name))
	}
	for _, dir := range dirs {
		if err := os.MkdirAll(dir, dirPerm); err != nil {
			return "", fmt.Errorf("prepare data directory: %w", err)
		}
	}
	ownLogs, err := makeLogDir(dataDir, logDir)
	if err != nil {
		return "", fmt.Errorf("prepare log directory: %w", err)
	}
	uid, gid, err := ownerOf(dataDir)
	if err != nil {
		return "", err
	}
	if os.Geteuid() != 0 {
		return user(uid, gid), nil
	}
	if uid == 0 {
		uid, gid = workerimage.UID, workerimage.UID
	}
	if ownLogs {
		err = chownTree(logDir, uid, gid)
	}
	if err = errors.Join(err, handOver(dataDir, uid, gid)); err != nil {
		return "", fmt.Errorf("hand the data directory to its workers: %w", err)
	}
	return user(uid, gid), nil
}

// makeLogDir reports whether the log directory is ours to hand over: made just
// now, or a folder of the data directory. One like /var/log is not.
func makeLogDir(dataDir, logDir string) (ours bool, err error) {
	_, missing := os.Stat(logDir)
	if err := os.MkdirAll(logDir, dirPerm); err != nil {
		return false, err
	}
	inside, err := filepath.Rel(dataDir, logDir)
	return missing != nil || err == nil && inside != "." && filepath.IsLocal(inside), nil
}

func user(uid, gid int) string { return strconv.Itoa(uid) + ":" + strconv.Itoa(gid) }

func ownerOf(path string) (uid, gid int, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, fmt.Errorf("find the owner of the data directory: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, fmt.Errorf("find the owner of %s: the system does not say", path)
	}
	return int(st.Uid), int(st.Gid), nil
}

// handOver gives what is ours to the workers' user. What people put there, such
// as jobs.csv and the videos, stays theirs.
func handOver(dataDir string, uid, gid int) error {
	if err := os.Lchown(dataDir, uid, gid); err != nil {
		return err
	}
	for _, name := range []string{workersFolder, "artifacts", simFolder} {
		if err := chownTree(filepath.Join(dataDir, name), uid, gid); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(dataDir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() && isOurs(e.Name()) {
			if err := chownIfRoots(filepath.Join(dataDir, e.Name()), uid, gid); err != nil {
				return err
			}
		}
	}
	return nil
}

// isOurs reports whether a file at the top of the data directory is one that
// workers write.
func isOurs(name string) bool {
	return strings.HasPrefix(name, "progress.csv") || strings.HasPrefix(name, ".progress.csv") ||
		strings.HasPrefix(name, "results.csv") || strings.HasPrefix(name, "posted.csv") ||
		strings.HasPrefix(name, "phones.") || strings.HasPrefix(name, "geelark-budget.json") ||
		strings.HasPrefix(name, "model-budget.json")
}

func chownTree(root string, uid, gid int) error {
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			err = chownIfRoots(path, uid, gid)
		}
		if errors.Is(err, fs.ErrNotExist) { // a worker tidied up meanwhile
			return nil
		}
		return err
	})
}

// chownIfRoots changes the owner of what root owns, never following a link.
func chownIfRoots(path string, uid, gid int) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
		return nil
	}
	return os.Lchown(path, uid, gid)
}
