package handset

import (
	"slices"
	"sync"

	"postfleet/internal/phonesim/app"
)

var _ app.Gallery = (*Gallery)(nil)

// Gallery is a phone's media library. The zero value is empty. It is safe for
// concurrent use.
type Gallery struct {
	mu     sync.Mutex
	videos []app.Video // newest first
}

// Videos implements app.Gallery.
func (g *Gallery) Videos() []app.Video {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.videos)
}

// Put adds a video as the newest.
func (g *Gallery) Put(v app.Video) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.videos = slices.Insert(g.videos, 0, v)
}

// Remove takes out the video with that path, if there is one.
func (g *Gallery) Remove(path string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.videos = slices.DeleteFunc(g.videos, func(v app.Video) bool { return v.Path == path })
}
