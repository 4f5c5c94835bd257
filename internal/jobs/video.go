package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"postfleet/internal/fault"
)

// ErrOutsideMedia means that a video_path leads out of the media root, by "..", as an
// absolute path, or through a symbolic link.
var ErrOutsideMedia = errors.New("jobs: video_path leaves the media root")

// ResolveVideo returns the path of a job's video under mediaRoot. It never
// returns a path outside mediaRoot, symbolic links included: that is
// ErrOutsideMedia with class fault.Input. The file need not exist.
func ResolveVideo(mediaRoot, video string) (string, error) {
	rel, err := relativeVideo(mediaRoot, video)
	if err != nil {
		return "", fault.Mark(fault.Input, err)
	}
	return filepath.Join(mediaRoot, rel), nil
}

// MissingVideos returns, by job id, why a job's video cannot be posted: it is
// not there, is no regular file, is empty, or cannot be read. Jobs whose video
// is fine are not in the map.
func MissingVideos(mediaRoot string, js []PostJob) map[int]string {
	missing := make(map[int]string)
	for _, j := range js {
		path, err := ResolveVideo(mediaRoot, j.Video)
		if err == nil {
			err = readable(path)
		}
		if err != nil {
			missing[j.ID] = fmt.Sprintf("video %s: %v", j.Video, err)
		}
	}
	return missing
}

func readable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file in the media folder")
	case err != nil:
		return reason(err)
	case !info.Mode().IsRegular():
		return errors.New("is not a file")
	case info.Size() == 0:
		return errors.New("is an empty file")
	}
	f, err := os.Open(path)
	if err != nil {
		return reason(err)
	}
	return f.Close()
}

// reason strips the path, which the caller names as the operator wrote it.
func reason(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// relativeVideo returns video relative to mediaRoot.
func relativeVideo(mediaRoot, video string) (string, error) {
	root, err := filepath.Abs(mediaRoot)
	if err != nil {
		return "", fmt.Errorf("find the media root: %w", err)
	}
	rel := filepath.Clean(video)
	if filepath.IsAbs(rel) {
		if rel, err = filepath.Rel(root, rel); err != nil {
			return "", outside(video, root)
		}
	}
	if !filepath.IsLocal(rel) || rel == "." {
		return "", outside(video, root)
	}
	return rel, checkLinks(root, rel, video)
}

// checkLinks follows the symbolic links of rel as far as it exists.
func checkLinks(root, rel, video string) error {
	realRoot, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil //nolint:nilerr // without a root there is no link to follow, and the video is missing
	}
	for path := filepath.Join(realRoot, rel); path != realRoot; path = filepath.Dir(path) {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			continue // what is not there, or cannot be followed, cannot be read either
		}
		if target != realRoot && !strings.HasPrefix(target, realRoot+string(filepath.Separator)) {
			return outside(video, root)
		}
		return nil
	}
	return nil
}

func outside(video, root string) error {
	return fmt.Errorf("%w: %q must be the path of a file under %s", ErrOutsideMedia, video, root)
}
