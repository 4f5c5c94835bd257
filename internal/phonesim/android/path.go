package android

import (
	"path"
	"strings"
)

// sharedStorage is where the user's files are, and where the links to it lead.
const sharedStorage = "/storage/emulated/0"

// canonical returns the one name of a file: absolute, clean, with the usual
// links to the shared storage followed.
func canonical(name string) string {
	name = path.Clean("/" + name)
	for _, link := range []string{"/sdcard", "/mnt/sdcard", "/storage/self/primary"} {
		if rest, ok := strings.CutPrefix(name, link); ok && (rest == "" || rest[0] == '/') {
			return sharedStorage + rest
		}
	}
	return name
}

func under(dir, name string) bool { return strings.HasPrefix(name, strings.TrimSuffix(dir, "/")+"/") }

// writable reports whether the shell user may create or remove name.
func writable(name string) bool {
	return under(sharedStorage, name) || under("/data/local/tmp", name)
}

// standardDirs are there from the start and cannot be removed.
func standardDirs() []string {
	dirs := []string{
		"/", "/system/bin", "/data/local/tmp", "/data/app", "/proc", "/dev", "/storage/emulated", sharedStorage,
	}
	for _, d := range []string{
		"Alarms", "Android", "DCIM", "DCIM/Camera", "Documents", "Download", "Movies", "Music", "Pictures",
	} {
		dirs = append(dirs, sharedStorage+"/"+d)
	}
	return dirs
}
