package android

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"time"

	"postfleet/internal/phonesim/adbd"
)

// upload is a file being written to the storage.
type upload struct {
	storage *Storage
	path    string
	mode    fs.FileMode
	file    *os.File
	digest  hash.Hash
	size    int64
}

// Open implements [adbd.FileStore].
func (s *Storage) Open(name string) (io.ReadCloser, error) { return s.open(name) }

func (s *Storage) open(name string) (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find("open", name)
	if err != nil {
		return nil, err
	}
	if e.dir {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errIsDirectory}
	}
	return os.Open(e.body)
}

// Create implements [adbd.FileStore] for the shell user, who may not write
// everywhere.
func (s *Storage) Create(name string, mode fs.FileMode) (adbd.Upload, error) {
	if !writable(canonical(name)) {
		return nil, &fs.PathError{Op: "create", Path: name, Err: fs.ErrPermission}
	}
	return s.create(name, mode)
}

func (s *Storage) create(name string, mode fs.FileMode) (*upload, error) {
	p := canonical(name)
	s.mu.Lock()
	err := s.clear("create", p)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(s.dir, "body-*")
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	return &upload{storage: s, path: p, mode: mode.Perm(), file: f, digest: sha256.New()}, nil
}

func (u *upload) Write(p []byte) (int, error) {
	n, err := u.file.Write(p)
	u.digest.Write(p[:n])
	u.size += int64(n)
	return n, err
}

// Commit implements [adbd.Upload].
func (u *upload) Commit(modified time.Time) error {
	if err := u.file.Close(); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", u.path, err), os.Remove(u.file.Name()))
	}
	s := u.storage
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.clear("create", u.path); err != nil {
		return errors.Join(err, os.Remove(u.file.Name()))
	}
	s.put(u.path, &entry{
		mode: u.mode, modified: modified, size: u.size,
		sha256: hex.EncodeToString(u.digest.Sum(nil)), body: u.file.Name(),
	})
	return nil
}

// Abort implements [adbd.Upload].
func (u *upload) Abort() error {
	return errors.Join(u.file.Close(), os.Remove(u.file.Name()))
}
