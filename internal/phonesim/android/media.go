package android

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"
)

// MediaItem is one video of the media index.
type MediaItem struct {
	// ID counts up with every scan that found something new.
	ID int
	// Path is the file's canonical name.
	Path   string
	SHA256 string
	Bytes  int64
	// Added is when the scanner first saw these contents.
	Added time.Time
}

// videoExtensions are what the media scanner takes for a video.
func videoExtensions() []string { return []string{".mp4", ".m4v", ".mov", ".3gp", ".webm", ".mkv"} }

// Media lists the videos the scanner has seen, newest first. A file that was
// pushed but not scanned, or changed since, is not among them.
func (s *Storage) Media() []MediaItem {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]MediaItem, 0, len(s.media))
	for _, m := range s.media {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b MediaItem) int { return cmp.Compare(b.ID, a.ID) })
	return list
}

// Scan runs the media scanner over a file, or over a directory with all that
// is in it, and returns how many videos are indexed there now.
func (s *Storage) Scan(name string) int {
	root := canonical(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	found := 0
	for _, p := range s.pathsBelow(root) {
		e := s.entries[p]
		if e.dir || e.size == 0 || !under(sharedStorage, p) || !isVideo(p) {
			continue
		}
		found++
		if known, ok := s.media[p]; ok && known.SHA256 == e.sha256 {
			continue
		}
		s.scans++
		s.media[p] = MediaItem{ID: s.scans, Path: p, SHA256: e.sha256, Bytes: e.size, Added: time.Now()}
	}
	return found
}

// Forget takes a video out of the index and leaves its file.
func (s *Storage) Forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.media, canonical(name))
}

// pathsBelow lists root and what is in it, oldest first, so that a scan of
// many files gives the newest the highest ID; mu is held.
func (s *Storage) pathsBelow(root string) []string {
	var paths []string
	for p := range s.entries {
		if p == root || under(root, p) {
			paths = append(paths, p)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(s.entries[a].modified.Compare(s.entries[b].modified), strings.Compare(a, b))
	})
	return paths
}

func isVideo(p string) bool {
	return slices.Contains(videoExtensions(), strings.ToLower(path.Ext(p)))
}
