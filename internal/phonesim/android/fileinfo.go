package android

import (
	"errors"
	"io/fs"
	"time"
)

const (
	dirMode  fs.FileMode = fs.ModeDir | 0o770
	fileMode fs.FileMode = 0o660
)

var errIsDirectory = errors.New("is a directory")

// fileInfo is an entry under one of its names.
type fileInfo struct {
	name  string
	entry *entry
}

var _ fs.FileInfo = fileInfo{}

// Name implements [fs.FileInfo].
func (i fileInfo) Name() string { return i.name }

// Size implements [fs.FileInfo].
func (i fileInfo) Size() int64 { return i.entry.size }

// Mode implements [fs.FileInfo].
func (i fileInfo) Mode() fs.FileMode { return i.entry.mode }

// ModTime implements [fs.FileInfo].
func (i fileInfo) ModTime() time.Time { return i.entry.modified }

// IsDir implements [fs.FileInfo].
func (i fileInfo) IsDir() bool { return i.entry.dir }

// Sys implements [fs.FileInfo].
func (i fileInfo) Sys() any { return nil }
