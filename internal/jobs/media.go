package jobs

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
)

// media finds videos below one root. It looks at a path once, but for the odd
// one in a great many, and follows the links of each folder once: it is for one
// pass over a jobs file, not to be kept, and not for use by many goroutines.
type media struct {
	given string // as the caller wrote it
	root  string // absolute
	err   error  // why there is no root
	// real is root without symbolic links; "" when it is not there.
	real    string
	folders map[string]folder
	places  map[string]*place
	// fine and absent are the places of most videos: one each serves them all.
	fine, absent *place
}

// place is where a video is, or why it may not be there.
type place struct {
	// rel is its path below the root; "" when that is how it was written.
	rel string
	// err: it is not below the root.
	err  error
	seen sight
}

// sight is what a first look at a video showed.
type sight uint8

const (
	seenOdd    sight = iota // a second look has to tell
	seenFine                // a file that everybody can read, with something in it
	seenAbsent              // nothing there
)

// folder is where a folder of the root really is.
type folder struct {
	// real is its path without symbolic links; "" when it cannot be followed,
	// absent when that is because it is not there.
	real   string
	absent bool
	// outside: it, or the next above it that is there, is not below the root.
	outside bool
}

func newMedia(root string) *media {
	m := &media{
		given: root, folders: make(map[string]folder), places: make(map[string]*place),
		fine: &place{seen: seenFine}, absent: &place{seen: seenAbsent},
	}
	if m.root, m.err = filepath.Abs(root); m.err != nil {
		m.err = fmt.Errorf("find the media root: %w", m.err)
		return m
	}
	if real, err := filepath.EvalSymlinks(m.root); err == nil {
		m.real = real
	}
	m.folders["."] = folder{real: m.real}
	return m
}

// relative returns video relative to the root.
func (m *media) relative(video string) (string, error) {
	p := m.place(video)
	return cmp.Or(p.rel, video), p.err
}

// maxPlaces is how many places are remembered. To look again costs about what
// it costs to find a place among a million.
const maxPlaces = 1 << 16

func (m *media) place(video string) *place {
	p, ok := m.places[video]
	if !ok {
		if len(m.places) == maxPlaces {
			clear(m.places)
		}
		p = m.find(video)
		m.places[video] = p
	}
	return p
}

func (m *media) find(video string) *place {
	if m.err != nil {
		return &place{err: m.err}
	}
	rel := filepath.Clean(video)
	if filepath.IsAbs(rel) {
		var err error
		if rel, err = filepath.Rel(m.root, rel); err != nil {
			return m.outside(video)
		}
	}
	if !filepath.IsLocal(rel) || rel == "." {
		return m.outside(video)
	}
	seen, leaves := m.look(rel)
	switch {
	case leaves:
		return m.outside(video)
	case rel == video && seen == seenFine:
		return m.fine
	case rel == video && seen == seenAbsent:
		return m.absent
	}
	return &place{rel: rel, seen: seen}
}

func (m *media) outside(video string) *place {
	return &place{err: fmt.Errorf("%w: %q must be the path of a file under %s", ErrOutsideMedia, video, m.root)}
}

// everybody may read a file with this mode.
const everybody = 0o444

// look also reports whether symbolic links lead rel out of the root, as far as
// it exists: what is not there, or cannot be followed, cannot be read either.
func (m *media) look(rel string) (seen sight, leaves bool) {
	if m.real == "" {
		return seenOdd, false
	}
	dir, base := filepath.Split(rel)
	at := m.folder(filepath.Clean(dir))
	switch {
	case at.absent:
		return seenAbsent, at.outside
	case at.real == "":
		return seenOdd, at.outside
	}
	path := at.real + string(filepath.Separator) + base
	var info syscall.Stat_t // os.Lstat takes twice the time, and this is most of what a large file costs
	err := syscall.Lstat(path, &info)
	switch kind := info.Mode & syscall.S_IFMT; {
	case errors.Is(err, fs.ErrNotExist):
		return seenAbsent, at.outside
	case err != nil, kind == syscall.S_IFLNK:
		return seenOdd, m.follow(path, at).outside
	case kind == syscall.S_IFREG && info.Mode&everybody == everybody && info.Size > 0:
		return seenFine, at.outside
	}
	return seenOdd, at.outside
}

// folder returns where the folder rel of the root is.
func (m *media) folder(rel string) folder {
	if f, ok := m.folders[rel]; ok {
		return f
	}
	f := m.follow(filepath.Join(m.real, rel), m.folder(filepath.Dir(rel)))
	m.folders[rel] = f
	return f
}

// follow returns where path is; above is the folder that it is in.
func (m *media) follow(path string, above folder) folder {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return folder{absent: errors.Is(err, fs.ErrNotExist), outside: above.outside}
	}
	inside := target == m.real || strings.HasPrefix(target, m.real+string(filepath.Separator))
	return folder{real: target, outside: !inside}
}
