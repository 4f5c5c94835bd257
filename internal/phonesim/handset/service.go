package handset

import (
	"slices"
	"sync"
	"time"

	"postfleet/internal/phonesim/app"
)

var _ app.Store = (*Service)(nil)

// Service is what the app of a phone talks to: it has the posts. The zero value
// has none. It is safe for concurrent use.
type Service struct {
	mu      sync.Mutex
	posts   []app.Post // newest first
	hideFor time.Duration
	refusal error
}

// Add implements app.Store.
func (s *Service) Add(p app.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusal != nil {
		return s.refusal
	}
	s.posts = slices.Insert(s.posts, 0, p)
	return nil
}

// Posts implements app.Store: what the profile of an account shows.
func (s *Service) Posts(account string) ([]app.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.posts), func(p app.Post) bool {
		return p.Account != account || time.Since(p.At) < s.hideFor
	}), nil
}

// All returns all posts, newest first, shown or not.
func (s *Service) All() []app.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

// Set has these posts from now on, newest first, and no others.
func (s *Service) Set(posts ...app.Post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = slices.Clone(posts)
}

// Count is how many posts have the caption.
func (s *Service) Count(caption string) (n int) {
	for _, p := range s.All() {
		if p.Caption == caption {
			n++
		}
	}
	return n
}

// HideFor keeps posts off the profiles that are younger than d.
func (s *Service) HideFor(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hideFor = d
}

// Refuse takes no more posts: they come to err.
func (s *Service) Refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = err
}
