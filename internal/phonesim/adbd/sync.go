package adbd

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Limits of the sync protocol.
const (
	maxSyncNameBytes = 1024
	maxSyncDataBytes = 64 << 10
)

// syncer serves the file sync protocol on one stream.
type syncer struct {
	files FileStore
	in    *bufio.Reader
	out   *bufio.Writer
}

func (c *conn) sync(s *stream) {
	y := &syncer{
		files: s.session.Files(),
		in:    bufio.NewReaderSize(s, maxSyncDataBytes),
		out:   bufio.NewWriterSize(s, maxSyncDataBytes+syncHeaderBytes),
	}
	if err := y.serve(); err != nil && !errors.Is(err, io.EOF) {
		_ = y.fail(err)
		_ = y.out.Flush()
	}
	_ = s.Close()
}

// serve answers requests until QUIT or the end of the stream. An error is one
// after which the stream makes no sense any more.
func (y *syncer) serve() error {
	for {
		id, size, err := y.header()
		if err != nil || id == "QUIT" {
			return err
		}
		if size > maxSyncNameBytes {
			return errors.New("name too long")
		}
		name := make([]byte, size)
		if _, err := io.ReadFull(y.in, name); err != nil {
			return err
		}
		if err := y.answer(id, string(name)); err != nil {
			return err
		}
		if err := y.out.Flush(); err != nil {
			return err
		}
	}
}

func (y *syncer) answer(id, name string) error {
	switch id {
	case "STAT":
		return y.stat(name)
	case "STA2", "LST2":
		return y.stat2(id, name)
	case "LIST":
		return y.list(name)
	case "SEND":
		return y.receive(name)
	case "RECV":
		return y.send(name)
	default:
		return fmt.Errorf("unknown request %q", id)
	}
}

// receive takes a file that the host pushes. What goes wrong is told only
// after its last data, when the host listens.
func (y *syncer) receive(spec string) error {
	upload, failure := y.create(spec)
	for {
		id, n, err := y.header()
		switch {
		case err != nil:
		case id == "DATA" && n <= maxSyncDataBytes:
			var failed error
			failed, err = y.store(upload, int64(n), failure == nil)
			failure = errors.Join(failure, failed)
		case id == "DONE":
			return y.finish(upload, time.Unix(int64(n), 0), failure)
		default:
			err = fmt.Errorf("unexpected %q of %d bytes", id, n)
		}
		if err != nil {
			return errors.Join(err, abort(upload))
		}
	}
}

func (y *syncer) create(spec string) (Upload, error) {
	name, digits := spec, ""
	if i := strings.LastIndexByte(spec, ','); i >= 0 {
		name, digits = spec[:i], spec[i+1:]
	}
	mode, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("mode of %s: %w", name, err)
	}
	if kind := mode & unixTypeMask; kind != 0 && kind != unixRegular {
		return nil, fmt.Errorf("%s: only regular files can be sent", name)
	}
	return y.files.Create(name, fs.FileMode(mode)&fs.ModePerm)
}

// store passes n bytes on to the upload, or throws them away. It tells apart
// a file that cannot be written from a stream that cannot be read.
func (y *syncer) store(upload Upload, n int64, wanted bool) (failed, broken error) {
	data := io.LimitReader(y.in, n)
	if wanted {
		if _, err := io.Copy(upload, data); err != nil {
			failed = err
		}
	}
	_, broken = io.Copy(io.Discard, data)
	if left := data.(*io.LimitedReader).N; left > 0 && broken == nil {
		broken = io.ErrUnexpectedEOF
	}
	return failed, broken
}

func (y *syncer) finish(upload Upload, modified time.Time, failure error) error {
	if failure != nil {
		_ = abort(upload)
		return y.fail(failure)
	}
	if err := upload.Commit(modified); err != nil {
		return y.fail(err)
	}
	return y.put("OKAY", 0)
}

func abort(upload Upload) error {
	if upload == nil {
		return nil
	}
	return upload.Abort()
}

// send gives the host a file that it pulls.
func (y *syncer) send(name string) error {
	file, err := y.files.Open(name)
	if err != nil {
		return y.fail(err)
	}
	defer func() { _ = file.Close() }()
	buffer := make([]byte, maxSyncDataBytes)
	for {
		n, err := io.ReadFull(file, buffer)
		if n > 0 {
			if err := y.put("DATA", uint32(n), buffer[:n]...); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return y.put("DONE", 0)
		case err != nil:
			return y.fail(err)
		}
	}
}

const syncHeaderBytes = 8

func (y *syncer) header() (id string, n uint32, err error) {
	var b [syncHeaderBytes]byte
	if _, err := io.ReadFull(y.in, b[:]); err != nil {
		return "", 0, err
	}
	return string(b[:4]), binary.LittleEndian.Uint32(b[4:]), nil
}

func (y *syncer) put(id string, n uint32, data ...byte) error {
	b := binary.LittleEndian.AppendUint32([]byte(id), n)
	if _, err := y.out.Write(b); err != nil {
		return err
	}
	_, err := y.out.Write(data)
	return err
}

// fail tells the host why its request was not granted.
func (y *syncer) fail(cause error) error {
	text := cause.Error()
	switch {
	case errors.Is(cause, fs.ErrNotExist):
		text = "No such file or directory"
	case errors.Is(cause, fs.ErrPermission):
		text = "Permission denied"
	}
	return y.put("FAIL", uint32(len(text)), []byte(text)...)
}
