package jobs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"postfleet/internal/fault"
)

// ErrOutsideMedia means that a video_path leads out of the media root, by "..", as an
// absolute path, or through a symbolic link.
var ErrOutsideMedia = errors.New("jobs: video_path leaves the media root")

// ResolveVideo returns the path of a job's video under mediaRoot. It never
// returns a path outside mediaRoot, symbolic links included: that is
// ErrOutsideMedia with class fault.Input. The file need not exist.
func ResolveVideo(mediaRoot, video string) (string, error) {
	rel, err := newMedia(mediaRoot).relative(video)
	if err != nil {
		return "", fault.Mark(fault.Input, err)
	}
	return filepath.Join(mediaRoot, rel), nil
}

// MissingVideos returns, by job id, why a job's video cannot be posted: it is
// not there, is no regular file, is empty, or cannot be read. Jobs whose video
// is fine are not in the map. Each file is looked at once.
func MissingVideos(mediaRoot string, js []PostJob) map[int]string {
	m := newMedia(mediaRoot)
	missing := make(map[int]string)
	for _, j := range js {
		report(missing, j, m.trouble(j.Video))
	}
	return missing
}

// MissingVideos is the function of this name for the jobs behind the first few
// of an Input that Read returned. It goes by what Read saw, where that was
// plain, and looks at the other files only.
func (in Input) MissingVideos(first int) map[int]string {
	m := newMedia(in.mediaRoot)
	missing := make(map[int]string)
	for i := first; i < len(in.Jobs); i++ {
		switch in.seen[i] {
		case seenFine:
		case seenAbsent:
			report(missing, in.Jobs[i], noSuchFile)
		case seenOdd:
			report(missing, in.Jobs[i], m.trouble(in.Jobs[i].Video))
		}
	}
	return missing
}

func report(missing map[int]string, j PostJob, trouble string) {
	if trouble != "" {
		missing[j.ID] = "video " + j.Video + ": " + trouble
	}
}

const noSuchFile = "there is no such file in the media folder"

// trouble returns why the video cannot be posted; "" when it can.
func (m *media) trouble(video string) string {
	p := m.place(video)
	switch {
	case p.err != nil:
		return p.err.Error()
	case p.seen == seenFine:
		return ""
	case p.seen == seenAbsent:
		return noSuchFile
	}
	if err := readable(filepath.Join(m.given, p.rel)); err != nil {
		return err.Error()
	}
	p.seen = seenFine
	return ""
}

func readable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New(noSuchFile)
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
