package geelark

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"postfleet/internal/logging"
)

const (
	// putTime is how long an upload URL is good for, resultTime how long a
	// task's result can be asked for.
	putTime    = 30 * time.Minute
	resultTime = time.Hour
	// maxFileBytes is the largest file.
	maxFileBytes = 2 << 30
)

// What became of an upload to a phone.
const (
	uploadUnknown = 0
	uploadRunning = 1
	uploadDone    = 2
	uploadFailed  = 3
)

func fileTypes() []string {
	return []string{
		"jpg", "jpeg", "png", "gif", "bmp", "webp", "heif", "heic", "mp4", "webm", "xml", "apk", "xapk",
	}
}

// uploads are the files on their way to phones. It is safe for concurrent use.
type uploads struct {
	dir    string
	secret string

	mu    sync.Mutex
	dice  *rand.Rand
	tasks map[string]uploadTask
}

type uploadTask struct {
	begun  time.Time
	status int
}

func newUploads(dir string, seed uint64) *uploads {
	const stream = 0x75706c6f6164 // The phones have dice of their own.
	dice := rand.New(rand.NewPCG(seed, stream))
	return &uploads{dir: dir, dice: dice, secret: strconv.FormatUint(dice.Uint64(), 16), tasks: map[string]uploadTask{}}
}

// token is a name that was not there before.
func (u *uploads) token() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return fmt.Sprintf("%016x", u.dice.Uint64())
}

// sign is what makes an upload URL good.
func (u *uploads) sign(name, expires string) string {
	sum := sha256.Sum256([]byte(u.secret + name + expires))
	return hex.EncodeToString(sum[:])
}

func (u *uploads) path(name string) string { return filepath.Join(u.dir, "file-"+path.Base(name)) }

type urlParams struct {
	FileType string `json:"fileType"`
}

func (s *Service) uploadURL(_ context.Context, from caller, params urlParams) reply {
	if !slices.Contains(fileTypes(), params.FileType) {
		return failed(codeBadParameter)
	}
	name := s.uploads.token() + "." + params.FileType
	expires := strconv.FormatInt(time.Now().Add(putTime).Unix(), 10)
	query := url.Values{"Expires": {expires}, "Signature": {s.uploads.sign(name, expires)}}
	return reply{codeOK, map[string]string{
		"uploadUrl":   from.base + "/storage/" + name + "?" + query.Encode(),
		"resourceUrl": from.base + "/material/" + name,
	}}
}

// putFile takes a file. Object storage signs the content type too, and the URL
// was signed for none.
func (s *Service) putFile(w http.ResponseWriter, r *http.Request) {
	name, expires := r.PathValue("name"), r.FormValue("Expires")
	end, err := strconv.ParseInt(expires, 10, 64)
	switch {
	case err != nil || r.FormValue("Signature") != s.uploads.sign(name, expires) || r.Header.Get("Content-Type") != "":
		http.Error(w, "SignatureDoesNotMatch", http.StatusForbidden)
		return
	case time.Now().Unix() > end:
		http.Error(w, "AccessDenied: Request has expired.", http.StatusForbidden)
		return
	}
	if err := s.uploads.store(name, http.MaxBytesReader(w, r.Body, maxFileBytes)); err != nil {
		s.cfg.Logger.WarnContext(r.Context(), "file was not stored", logging.Err(err))
		http.Error(w, "IncompleteBody", http.StatusBadRequest)
	}
}

// store puts a file in place once it is whole.
func (u *uploads) store(name string, contents io.Reader) error {
	f, err := os.CreateTemp(u.dir, "put-*")
	if err != nil {
		return fmt.Errorf("store %s: %w", name, err)
	}
	_, err = io.Copy(f, contents)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), u.path(name))
	}
	if err != nil {
		_ = os.Remove(f.Name()) // It only takes room until the directory goes.
		return fmt.Errorf("store %s: %w", name, err)
	}
	return nil
}

func (s *Service) getFile(w http.ResponseWriter, r *http.Request) {
	http.ServeFile(w, r, s.uploads.path(r.PathValue("name")))
}

type uploadParams struct {
	ID  string `json:"id"`
	URL string `json:"fileUrl"`
}

// upload begins to bring a file to a phone. Files come from this cloud's own
// storage only; the upload of any other fails.
func (s *Service) upload(_ context.Context, _ caller, params uploadParams) reply {
	p, c := s.started(apiUpload, params.ID)
	if c != codeOK {
		return failed(c)
	}
	from, err := url.Parse(params.URL)
	if err != nil || params.URL == "" {
		return failed(codeBadParameter)
	}
	_, fails := s.faults.happens(kindUploadFails, p.spec.Name)
	task := fmt.Sprint(time.Now().UnixNano())
	task += s.uploads.token()[:4]
	s.uploads.note(task, uploadRunning)
	s.timers.after(s.scaled(uploadTime), func() {
		if fails {
			s.uploads.note(task, uploadFailed)
			return
		}
		s.uploads.note(task, s.download(p, path.Base(from.Path)))
	})
	return reply{codeOK, map[string]string{"taskId": task}}
}

// download brings a stored file to the phone's downloads.
func (s *Service) download(p *phone, name string) int {
	f, err := os.Open(s.uploads.path(name))
	if err != nil {
		p.logger.Warn("file to upload is not there", logging.Err(err))
		return uploadFailed
	}
	defer func() { _ = f.Close() }()
	if !p.use() {
		return uploadFailed
	}
	if err := p.machine.Download(name, f); err != nil {
		p.logger.Warn("upload failed", logging.Err(err))
		return uploadFailed
	}
	return uploadDone
}

func (u *uploads) note(task string, status int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	t := u.tasks[task]
	set(&t.begun, time.Now())
	t.status = status
	u.tasks[task] = t
}

type resultParams struct {
	Task string `json:"taskId"`
}

func (s *Service) uploadResult(_ context.Context, _ caller, params resultParams) reply {
	s.uploads.mu.Lock()
	defer s.uploads.mu.Unlock()
	t := s.uploads.tasks[params.Task]
	if time.Since(t.begun) > resultTime {
		t.status = uploadUnknown
	}
	return reply{codeOK, map[string]int{"status": t.status}}
}
