package phonesim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"postfleet/internal/phonesim/app"
)

// stateFile is what is kept of a phone.
type stateFile struct {
	Posts []app.Post `json:"posts"`
}

// posts is everything this phone published, and the view on what its peers
// did: the memory of the service behind the app. It is safe for concurrent use.
type posts struct {
	path  string // "" keeps nothing
	peers *peers

	mu   sync.Mutex
	list []app.Post // oldest first
}

var _ app.Store = (*posts)(nil)

// openPosts reads the state file; one that does not exist is an empty one.
func openPosts(path, peersDir string) (*posts, error) {
	p := &posts{path: path, peers: newPeers(peersDir, path)}
	if path == "" {
		return p, nil
	}
	state, err := readState(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	p.list = state.Posts
	return p, nil
}

// Add implements [app.Store]: the post is on the disk when it returns nil, and
// not a post at all when it does not.
func (p *posts) Add(post app.Post) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := append(slices.Clip(p.list), post)
	if p.path != "" {
		if err := SaveJSON(p.path, stateFile{Posts: list}); err != nil {
			return err
		}
	}
	p.list = list
	return nil
}

// Posts implements [app.Store].
func (p *posts) Posts(account string) ([]app.Post, error) {
	all, err := p.peers.posts()
	if err != nil {
		return nil, err
	}
	all = append(all, p.own()...)
	all = slices.DeleteFunc(all, func(post app.Post) bool { return post.Account != account })
	slices.SortStableFunc(all, func(a, b app.Post) int { return b.At.Compare(a.At) })
	return all, nil
}

// own lists this phone's posts, oldest first; it is never nil.
func (p *posts) own() []app.Post {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]app.Post{}, p.list...)
}

func readState(path string) (stateFile, error) {
	var state stateFile
	b, err := os.ReadFile(path)
	if err != nil {
		return state, fmt.Errorf("read state: %w", err)
	}
	if err := json.Unmarshal(b, &state); err != nil {
		return state, fmt.Errorf("read state %s: %w", path, err)
	}
	return state, nil
}

// SaveJSON replaces a state file; afterwards it survives a power cut.
func SaveJSON(path string, state any) error {
	b, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".state-*.tmp")
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	err = errors.Join(err, f.Chmod(stateMode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write state: %w", err), os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// stateMode lets the phones of a fleet read each other's state.
const stateMode fs.FileMode = 0o644

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync state: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync state: %w", err)
	}
	return nil
}
