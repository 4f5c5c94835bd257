package phonesim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"postfleet/internal/phonesim/app"
)

// peers reads what the other phones of the fleet published out of their state
// files. It is safe for concurrent use.
type peers struct {
	dir string // "" is no peers
	own string // this phone's state file, which is not a peer's

	mu   sync.Mutex
	seen map[string]peerState
}

// peerState is a state file as it was at its last reading.
type peerState struct {
	modified time.Time
	size     int64
	posts    []app.Post
}

func newPeers(dir, own string) *peers {
	return &peers{dir: dir, own: own, seen: map[string]peerState{}}
}

// posts lists the posts of all peers. State files are replaced, never
// written to, so that one whose time and size are as before is as before.
func (p *peers) posts() ([]app.Post, error) {
	if p.dir == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(p.dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list peers: %w", err)
	}
	own, err := os.Stat(p.own)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list peers: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []app.Post
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist), err == nil && own != nil && os.SameFile(info, own):
			continue
		case err != nil:
			return nil, fmt.Errorf("read peer: %w", err)
		}
		state, err := p.read(path, info)
		if err != nil {
			return nil, err
		}
		all = append(all, state.posts...)
	}
	return all, nil
}

func (p *peers) read(path string, info fs.FileInfo) (peerState, error) {
	known, ok := p.seen[path]
	if ok && known.modified.Equal(info.ModTime()) && known.size == info.Size() {
		return known, nil
	}
	state, err := readState(path)
	if errors.Is(err, fs.ErrNotExist) {
		return peerState{}, nil
	}
	if err != nil {
		return peerState{}, fmt.Errorf("read peer: %w", err)
	}
	fresh := peerState{modified: info.ModTime(), size: info.Size(), posts: state.Posts}
	p.seen[path] = fresh
	return fresh, nil
}
