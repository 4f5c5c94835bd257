package main

import (
	"slices"
	"sync"

	sample "postfleet/internal/phonesim/app"
)

// service is what the app on one phone talks to: it has the posts.
type service struct {
	mu    sync.Mutex
	posts []sample.Post
}

var _ sample.Store = (*service)(nil)

// Add implements sample.Store.
func (s *service) Add(p sample.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = slices.Insert(s.posts, 0, p)
	return nil
}

// Posts implements sample.Store.
func (s *service) Posts(account string) ([]sample.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.posts), func(p sample.Post) bool { return p.Account != account }), nil
}

// times is how many posts have the caption.
func (s *service) times(caption string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.posts {
		if p.Caption == caption {
			n++
		}
	}
	return n
}

// gallery is the phone's media library.
type gallery struct {
	mu     sync.Mutex
	videos []sample.Video
}

var _ sample.Gallery = (*gallery)(nil)

// Videos implements sample.Gallery.
func (g *gallery) Videos() []sample.Video {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.videos)
}

func (g *gallery) put(v sample.Video) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.videos = slices.Insert(g.videos, 0, v)
}

func (g *gallery) remove(path string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.videos = slices.DeleteFunc(g.videos, func(v sample.Video) bool { return v.Path == path })
}
