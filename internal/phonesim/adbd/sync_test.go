package adbd_test

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"postfleet/internal/phonesim/adbd"
)

// memory is a file store in memory; names under /system cannot be written.
type memory struct {
	mu    sync.Mutex
	files fstest.MapFS
}

func (m *memory) Stat(name string) (fs.FileInfo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.files.Stat(name[1:])
}

func (m *memory) List(name string) ([]fs.FileInfo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries, err := m.files.ReadDir(name[1:])
	var list []fs.FileInfo
	for _, e := range entries {
		info, _ := e.Info()
		list = append(list, info)
	}
	return list, err
}

func (m *memory) Open(name string) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.files.Open(name[1:])
}

func (m *memory) Create(name string, mode fs.FileMode) (adbd.Upload, error) {
	if strings.HasPrefix(name, "/system") {
		return nil, fs.ErrPermission
	}
	return &memoryUpload{store: m, name: name[1:], mode: mode}, nil
}

type memoryUpload struct {
	bytes.Buffer
	store *memory
	name  string
	mode  fs.FileMode
}

func (u *memoryUpload) Commit(modified time.Time) error {
	u.store.mu.Lock()
	defer u.store.mu.Unlock()
	u.store.files[u.name] = &fstest.MapFile{Data: u.Bytes(), Mode: u.mode, ModTime: modified}
	return nil
}

func (u *memoryUpload) Abort() error { return nil }

// syncHost is the host's end of a sync stream.
type syncHost struct {
	*host
	remote uint32
	in     []byte
}

func openSync(t *testing.T, store adbd.FileStore) *syncHost {
	t.Helper()
	h := connect(t, serve(t, adbd.Config{Services: phone{files: store}}))
	return &syncHost{host: h, remote: h.open(1, "sync:")}
}

func request(id, data string) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte(id), uint32(len(data))), data...)
}

// write sends bytes, taking in answers until they are acknowledged.
func (s *syncHost) write(b []byte) {
	s.t.Helper()
	s.send(packet{"WRTE", 1, s.remote, b})
	for !s.pump() {
	}
}

// pump takes in one message and reports whether it was an OKAY.
func (s *syncHost) pump() bool {
	s.t.Helper()
	p := s.next()
	if p.command == "WRTE" {
		s.in = append(s.in, p.data...)
		s.send(packet{"OKAY", 1, s.remote, nil})
	}
	return p.command == "OKAY"
}

func (s *syncHost) read(n int) []byte {
	s.t.Helper()
	for len(s.in) < n {
		s.pump()
	}
	b := s.in[:n]
	s.in = s.in[n:]
	return b
}

func (s *syncHost) header() (string, uint32) {
	s.t.Helper()
	b := s.read(8)
	return string(b[:4]), binary.LittleEndian.Uint32(b[4:])
}

// push sends a file in pieces that do not match the protocol's own chunks.
func (s *syncHost) push(spec string, data []byte, modified uint32) {
	s.t.Helper()
	stream := request("SEND", spec)
	for chunk := range bytesChunks(data, 64<<10) {
		stream = append(stream, request("DATA", string(chunk))...)
	}
	stream = append(stream, binary.LittleEndian.AppendUint32([]byte("DONE"), modified)...)
	for piece := range bytesChunks(stream, 50_001) {
		s.write(piece)
	}
}

func bytesChunks(b []byte, n int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			k := min(n, len(b))
			if !yield(b[:k]) {
				return
			}
			b = b[k:]
		}
	}
}

func TestSyncRoundTrip(t *testing.T) {
	t.Parallel()
	const name, modified = "/sdcard/Movies/clip, final.mp4", 1_700_000_000
	data := make([]byte, 300_000)
	_, _ = rand.Read(data)
	s := openSync(t, &memory{files: fstest.MapFS{}})

	s.push(name+",33188", data, modified)
	if id, n := s.header(); id != "OKAY" || n != 0 {
		t.Fatalf("push: got %s %d, want OKAY 0", id, n)
	}

	s.write(request("STAT", name))
	stat := s.read(16)
	for i, want := range []uint32{0o100644, uint32(len(data)), modified} {
		if got := binary.LittleEndian.Uint32(stat[4+4*i:]); got != want {
			t.Errorf("STAT field %d: got %#o, want %#o", i, got, want)
		}
	}

	s.write(request("STA2", name))
	stat = s.read(72)
	if id, errno := string(stat[:4]), binary.LittleEndian.Uint32(stat[4:]); id != "STA2" || errno != 0 {
		t.Errorf("STA2: got %s, errno %d", id, errno)
	}
	if size := binary.LittleEndian.Uint64(stat[40:]); size != uint64(len(data)) {
		t.Errorf("STA2: got size %d, want %d", size, len(data))
	}
	if got := binary.LittleEndian.Uint64(stat[56:]); got != modified {
		t.Errorf("STA2: got modified %d, want %d", got, modified)
	}

	s.write(request("RECV", name))
	var pulled []byte
	for {
		id, n := s.header()
		if id == "DONE" {
			break
		}
		if id != "DATA" || n > 64<<10 {
			t.Fatalf("pull: got %s %d", id, n)
		}
		pulled = append(pulled, s.read(int(n))...)
	}
	if !bytes.Equal(pulled, data) {
		t.Errorf("pulled %d bytes that are not the %d pushed", len(pulled), len(data))
	}

	s.send(packet{"WRTE", 1, s.remote, request("QUIT", "")})
	s.drain(1, s.remote)
}

func TestSyncList(t *testing.T) {
	t.Parallel()
	store := &memory{files: fstest.MapFS{
		"sdcard/a.txt": {Data: []byte("abc"), Mode: 0o600, ModTime: time.Unix(10, 0)},
		"sdcard/d/x":   {Data: []byte("x")},
	}}
	s := openSync(t, store)
	s.write(request("LIST", "/sdcard"))
	var names []string
	for {
		b := s.read(20)
		if string(b[:4]) == "DONE" {
			break
		}
		name := string(s.read(int(binary.LittleEndian.Uint32(b[16:]))))
		names = append(names, name)
		if size := binary.LittleEndian.Uint32(b[8:]); name == "a.txt" && size != 3 {
			t.Errorf("got size %d of a.txt, want 3", size)
		}
	}
	if got := strings.Join(names, " "); got != "a.txt d" {
		t.Errorf("got %q, want %q", got, "a.txt d")
	}
}

func TestSyncMissing(t *testing.T) {
	t.Parallel()
	s := openSync(t, &memory{files: fstest.MapFS{}})
	s.write(request("STAT", "/none"))
	if got := s.read(16); !bytes.Equal(got, append([]byte("STAT"), make([]byte, 12)...)) {
		t.Errorf("STAT: got %q", got)
	}
	for _, id := range []string{"STA2", "LST2"} {
		s.write(request(id, "/none"))
		got := s.read(72)
		if errno := binary.LittleEndian.Uint32(got[4:]); string(got[:4]) != id || errno != 2 {
			t.Errorf("%s: got %s, errno %d, want errno 2", id, got[:4], errno)
		}
	}
	s.write(request("RECV", "/none"))
	if id, n := s.header(); id != "FAIL" || string(s.read(int(n))) != "No such file or directory" {
		t.Errorf("RECV: got %s", id)
	}
	s.write(request("LIST", "/none"))
	if got := s.read(20); string(got[:4]) != "DONE" {
		t.Errorf("LIST: got %q", got)
	}
}

func TestSyncRefusedPushKeepsTheStreamInStep(t *testing.T) {
	t.Parallel()
	s := openSync(t, &memory{files: fstest.MapFS{}})
	for _, spec := range []string{"/system/x,33188", "/sdcard/link,41471", "/sdcard/nomode"} {
		s.push(spec, make([]byte, 100_000), 1)
		id, n := s.header()
		if text := string(s.read(int(n))); id != "FAIL" || text == "" {
			t.Errorf("%s: got %s %q, want FAIL with a reason", spec, id, text)
		}
	}
	s.push("/sdcard/good,33188", []byte("data"), 1)
	if id, _ := s.header(); id != "OKAY" {
		t.Errorf("got %s after the failures, want OKAY", id)
	}
}

func TestSyncInterruptedPushLeavesNothing(t *testing.T) {
	t.Parallel()
	store := &memory{files: fstest.MapFS{}}
	s := openSync(t, store)
	s.write(append(request("SEND", "/sdcard/half,33188"), request("DATA", "some")...))
	s.send(packet{"CLSE", 1, s.remote, nil})
	s.want("CLSE", s.remote, 1)
	if _, err := store.Stat("/sdcard/half"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that %s does not exist", err, path.Base("/sdcard/half"))
	}
}

func TestSyncNonsenseEndsTheStream(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"STA3", "\x00\x01\x02\x03"} {
		s := openSync(t, &memory{files: fstest.MapFS{}})
		s.write(request(id, "/x"))
		if got, n := s.header(); got != "FAIL" || !strings.Contains(string(s.read(int(n))), "unknown") {
			t.Errorf("%q: got %s", id, got)
		}
		s.drain(1, s.remote)
	}
}
