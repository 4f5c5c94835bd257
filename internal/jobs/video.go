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
	return newMedia(mediaRoot).missing(js)
}

// MissingVideos is the function of this name for the jobs behind the first
// few. It goes by what Read has seen of the files, when it is called the first
// time, and then looks again.
func (in Input) MissingVideos(first int) map[int]string {
	if in.media == nil {
		return nil
	}
	defer func() { *in.media = *newMedia(in.media.given) }()
	return in.media.missing(in.Jobs[min(first, len(in.Jobs)):])
}

func (m *media) missing(js []PostJob) map[int]string {
	missing := make(map[int]string)
	for _, j := range js {
		if why := m.trouble(j.Video); why != "" {
			missing[j.ID] = "video " + j.Video + ": " + why
		}
	}
	return missing
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
