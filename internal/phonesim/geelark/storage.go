package geelark

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"postfleet/internal/logging"
)

const (
	// putTime is how long an upload URL is good for.
	putTime = 30 * time.Minute
	// maxFileBytes is the largest file.
	maxFileBytes = 2 << 30
)

func fileTypes() []string {
	return []string{
		"jpg", "jpeg", "png", "gif", "bmp", "webp", "heif", "heic", "mp4", "webm", "xml", "apk", "xapk",
	}
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
