package geelark

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path"
	"strconv"
	"sync"
	"time"

	"postfleet/internal/logging"
)

// resultTime is how long a task's result can be asked for.
const resultTime = time.Hour

// What became of an upload to a phone.
const (
	uploadUnknown = 0
	uploadRunning = 1
	uploadDone    = 2
	uploadFailed  = 3
)

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
