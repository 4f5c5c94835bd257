package android

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"postfleet/internal/phonesim/adbd"
)

// Storage is the phone's files and the media index over them. Contents lie in
// a directory of the host, so that videos need no memory. It is safe for
// concurrent use.
type Storage struct {
	dir string

	mu      sync.Mutex
	entries map[string]*entry
	media   map[string]MediaItem
	scans   int
}

// entry is a file or a directory; entries never change once they are in place.
type entry struct {
	dir      bool
	mode     fs.FileMode
	modified time.Time
	size     int64
	sha256   string
	body     string // the host's file with the contents
}

var _ adbd.FileStore = (*Storage)(nil)

// NewStorage returns a storage with a phone's usual directories that keeps
// file contents in dir, which must exist; the caller removes it in the end.
func NewStorage(dir string) *Storage {
	s := &Storage{dir: dir, entries: map[string]*entry{}, media: map[string]MediaItem{}}
	for _, d := range standardDirs() {
		s.mkdirAll(d)
	}
	return s
}

// Stat implements [adbd.FileStore].
func (s *Storage) Stat(name string) (fs.FileInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find("stat", name)
	if err != nil {
		return nil, err
	}
	return fileInfo{name: path.Base(name), entry: e}, nil
}

// List implements [adbd.FileStore]; entries are sorted by name.
func (s *Storage) List(name string) ([]fs.FileInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find("list", name)
	if err != nil {
		return nil, err
	}
	if !e.dir {
		return nil, &fs.PathError{Op: "list", Path: name, Err: fs.ErrInvalid}
	}
	dir := canonical(name)
	var list []fs.FileInfo
	for p, e := range s.entries {
		if p != "/" && path.Dir(p) == dir {
			list = append(list, fileInfo{name: path.Base(p), entry: e})
		}
	}
	slices.SortFunc(list, func(a, b fs.FileInfo) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// SHA256 returns the digest of a file's contents in lower-case hex.
func (s *Storage) SHA256(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find("read", name)
	if err != nil {
		return "", err
	}
	if e.dir {
		return "", &fs.PathError{Op: "read", Path: name, Err: errIsDirectory}
	}
	return e.sha256, nil
}

// Mkdir makes a directory and its parents.
func (s *Storage) Mkdir(name string) error {
	p := canonical(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[p]; e != nil && e.dir {
		return nil
	}
	if !writable(p) {
		return &fs.PathError{Op: "mkdir", Path: name, Err: fs.ErrPermission}
	}
	if err := s.clear("mkdir", p); err != nil {
		return err
	}
	s.mkdirAll(p)
	return nil
}

// Remove deletes a file, or a directory with all that is in it when recursive
// is set. Media that is deleted leaves the index too.
func (s *Storage) Remove(name string, recursive bool) error {
	p := canonical(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find("remove", name)
	switch {
	case err != nil:
		return err
	case !writable(p):
		return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrPermission}
	case e.dir && !recursive:
		return &fs.PathError{Op: "remove", Path: name, Err: errIsDirectory}
	}
	for other := range s.entries {
		if other == p || under(p, other) {
			s.drop(other)
		}
	}
	return nil
}

// Rename moves a file, replacing one at the new name.
func (s *Storage) Rename(from, to string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find("rename", from)
	if err != nil {
		return err
	}
	src, dst := canonical(from), canonical(to)
	if d := s.entries[dst]; d != nil && d.dir {
		dst = path.Join(dst, path.Base(src))
	}
	switch {
	case e.dir:
		return &fs.PathError{Op: "rename", Path: from, Err: errIsDirectory}
	case src == dst:
		return nil
	case !writable(src) || !writable(dst):
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrPermission}
	}
	delete(s.entries, src)
	delete(s.media, src)
	s.put(dst, e)
	return nil
}

// find looks name up; mu is held.
func (s *Storage) find(op, name string) (*entry, error) {
	if e := s.entries[canonical(name)]; e != nil {
		return e, nil
	}
	return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// clear reports whether a file or directory can be made at p: no file may be
// in the way; mu is held.
func (s *Storage) clear(op, p string) error {
	for dir := path.Dir(p); dir != "/"; dir = path.Dir(dir) {
		if e := s.entries[dir]; e != nil && !e.dir {
			return &fs.PathError{Op: op, Path: p, Err: fmt.Errorf("%s is not a directory", dir)}
		}
	}
	if e := s.entries[p]; e != nil && e.dir {
		return &fs.PathError{Op: op, Path: p, Err: errIsDirectory}
	}
	return nil
}

func (s *Storage) mkdirAll(p string) {
	for ; s.entries[p] == nil; p = path.Dir(p) {
		s.entries[p] = &entry{dir: true, mode: dirMode, modified: time.Now()}
	}
}

// put makes e the file at p; mu is held.
func (s *Storage) put(p string, e *entry) {
	s.drop(p)
	s.mkdirAll(path.Dir(p))
	s.entries[p] = e
}

// drop forgets what is at p and its contents. Those who have it open read on.
func (s *Storage) drop(p string) {
	if e := s.entries[p]; e != nil && e.body != "" {
		_ = os.Remove(e.body) // It only takes room until the directory goes.
	}
	delete(s.entries, p)
	delete(s.media, p)
}

// keep moves a file where only the system may write.
func (s *Storage) keep(from, to string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find("rename", from)
	if err != nil {
		return err
	}
	delete(s.entries, canonical(from))
	s.put(canonical(to), e)
	return nil
}

// discard removes a file of the system's; one that is not there is no matter.
func (s *Storage) discard(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(canonical(name))
}
