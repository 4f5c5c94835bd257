package android

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"mvdan.cc/sh/v3/interp"
)

// openFile opens what a redirection names.
func (d *Device) openFile(ctx context.Context, name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	name = resolve(interp.HandlerCtx(ctx).Dir, name)
	switch {
	case name == "/dev/null":
		return nullFile{}, nil
	case flag&(os.O_WRONLY|os.O_RDWR) == 0:
		f, err := d.cfg.Storage.open(name)
		if err != nil {
			return nil, err
		}
		return f, nil
	default:
		return d.openForWriting(name, flag, perm)
	}
}

func (d *Device) openForWriting(name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	upload, err := d.cfg.Storage.Create(name, perm)
	if err != nil {
		return nil, err
	}
	out := &redirection{upload: upload}
	if flag&os.O_APPEND == 0 {
		return out, nil
	}
	old, err := d.cfg.Storage.open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, errors.Join(err, upload.Abort())
	}
	defer func() { _ = old.Close() }()
	if _, err := io.Copy(upload, old); err != nil {
		return nil, errors.Join(err, upload.Abort())
	}
	return out, nil
}

// committer is an upload on its way.
type committer interface {
	io.Writer
	Commit(modified time.Time) error
}

// redirection is the file behind ">"; closing it makes it visible.
type redirection struct{ upload committer }

func (r *redirection) Read([]byte) (int, error)    { return 0, fs.ErrInvalid }
func (r *redirection) Write(p []byte) (int, error) { return r.upload.Write(p) }

// Close commits what was written.
func (r *redirection) Close() error { return r.upload.Commit(time.Now()) }

type nullFile struct{}

func (nullFile) Read([]byte) (int, error)    { return 0, io.EOF }
func (nullFile) Write(p []byte) (int, error) { return len(p), nil }

// Close implements [io.Closer].
func (nullFile) Close() error { return nil }
