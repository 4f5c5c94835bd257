// Package adbd is the phone's side of the ADB wire protocol: the handshake,
// streams with flow control, the shell v2 framing, the file sync protocol and
// connections to the phone's own TCP ports. A stock adb talks to it.
//
// It owns the TCP listener, the connections and every goroutine that serves
// them. It knows nothing about Android: commands, files and ports are the
// business of the Services it is given. It offers no feature that it does not
// implement, so that no host asks for one.
package adbd

import (
	"context"
	"io"
	"io/fs"
	"net"
	"time"
)

// Services is the phone behind an adbd. All methods are called from many
// goroutines at once.
type Services interface {
	// Product names the phone in the handshake.
	Product() Product
	// Shell runs one command line and returns its exit code. It blocks until
	// the command ended or ctx is done, which is when the host went away. An
	// empty line is a shell that reads its commands from std.In.
	Shell(ctx context.Context, line string, std Stdio) uint8
	// Dial connects to a TCP port of the phone; adbd closes the connection.
	// An error means that nothing listens there.
	Dial(ctx context.Context, port int) (net.Conn, error)
	// Files are the phone's files.
	Files() FileStore
}

// Product is how a phone introduces itself.
type Product struct {
	Name   string
	Model  string
	Device string
}

// Stdio are a command's three streams. A write blocks until the host took
// the data before; a read of In ends with io.EOF when the host closed it.
type Stdio struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// FileStore is the phone's file system as the sync protocol sees it. Names
// are absolute slash-separated paths. Errors are matched with the sentinels of
// io/fs.
type FileStore interface {
	Stat(name string) (fs.FileInfo, error)
	List(name string) ([]fs.FileInfo, error)
	// Open returns the file's bytes as they are now; the caller closes it.
	Open(name string) (io.ReadCloser, error)
	// Create starts a file, with its parent directories, that comes to be
	// when the upload is committed.
	Create(name string, mode fs.FileMode) (Upload, error)
}

// Upload is a file being written. Exactly one of Commit and Abort ends it.
type Upload interface {
	io.Writer
	// Commit makes the file visible, replacing one of the same name.
	Commit(modified time.Time) error
	// Abort forgets what was written.
	Abort() error
}
