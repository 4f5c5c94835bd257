package adbd

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"sync"
)

// Frame ids of the shell v2 protocol.
const (
	frameStdin      = 0
	frameStdout     = 1
	frameStderr     = 2
	frameExit       = 3
	frameCloseStdin = 4

	frameHeaderBytes = 5
	// maxFrameBytes keeps a frame within one message of any host.
	maxFrameBytes = 64 << 10
)

// shell runs one command line on s. With framed, the streams and the exit
// code are told apart by shell v2; without, all output is one stream and the
// exit code is lost.
func (c *conn) shell(ctx context.Context, s *stream, line string, framed bool) {
	std := Stdio{In: s, Out: s, Err: s}
	var out *frameWriter
	if framed {
		out = &frameWriter{w: s}
		std = Stdio{In: &frameReader{r: s}, Out: out.stream(frameStdout), Err: out.stream(frameStderr)}
	}
	code := s.session.Shell(ctx, line, std)
	c.logger.DebugContext(ctx, "shell", slog.String(keyLine, line), slog.Int(keyCode, int(code)))
	if framed {
		_ = out.write(frameExit, []byte{code}) // A host that left needs no exit code.
	}
	_ = s.Close()
}

// frameWriter writes whole frames, from whichever goroutine.
type frameWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *frameWriter) write(id byte, data []byte) error {
	frame := make([]byte, frameHeaderBytes, frameHeaderBytes+len(data))
	frame[0] = id
	binary.LittleEndian.PutUint32(frame[1:], uint32(len(data)))
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.w.Write(append(frame, data...))
	return err
}

func (f *frameWriter) stream(id byte) io.Writer {
	return writerFunc(func(p []byte) (int, error) {
		written := 0
		for written < len(p) {
			chunk := p[written:min(len(p), written+maxFrameBytes)]
			if err := f.write(id, chunk); err != nil {
				return written, err
			}
			written += len(chunk)
		}
		return written, nil
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// frameReader is the command's standard input out of the host's frames.
type frameReader struct {
	r    io.Reader
	left uint32 // bytes of the current stdin frame still to come
	err  error
}

func (f *frameReader) Read(p []byte) (int, error) {
	for f.left == 0 && f.err == nil {
		f.err = f.nextFrame()
	}
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.r.Read(p[:min(len(p), int(f.left))])
	f.left -= uint32(n)
	return n, err
}

// nextFrame finds the next stdin frame, passing over window sizes and the like.
func (f *frameReader) nextFrame() error {
	var header [frameHeaderBytes]byte
	if _, err := io.ReadFull(f.r, header[:]); err != nil {
		return io.EOF
	}
	size := binary.LittleEndian.Uint32(header[1:])
	switch header[0] {
	case frameStdin:
		f.left = size
		return nil
	case frameCloseStdin:
		return io.EOF
	default:
		_, err := io.CopyN(io.Discard, f.r, int64(size))
		return err
	}
}
