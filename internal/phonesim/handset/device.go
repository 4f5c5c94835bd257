package handset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"os"
	"path"
	"time"

	"postfleet/internal/phonesim/app"
)

// Connect reaches the phone.
func (h *Handset) Connect(ctx context.Context) error { return h.call(ctx, "connect") }

// Launch starts the app anew. It returns ErrNotInstalled for any other.
func (h *Handset) Launch(ctx context.Context, id string) error {
	if err := h.call(ctx, "launch"); err != nil {
		return err
	}
	if id != app.Package {
		return fmt.Errorf("launch %s: %w", id, ErrNotInstalled)
	}
	h.App.Stop()
	h.App.Start()
	return nil
}

// Upload puts a file of this machine into the gallery, as the newest, and returns
// its path on the phone.
func (h *Handset) Upload(ctx context.Context, local, name string) (string, error) {
	if err := h.call(ctx, "upload "+name); err != nil {
		return "", err
	}
	content, err := os.ReadFile(local)
	if err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	sum, remote := sha256.Sum256(content), path.Join("/sdcard/Movies", name)
	h.Gallery.Put(app.Video{
		Path: remote, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Created: time.Now(),
	})
	return remote, nil
}

// Remove takes a file out of the gallery; one that is not there is no error.
func (h *Handset) Remove(ctx context.Context, remote string) error {
	if err := h.call(ctx, "remove"); err != nil {
		return err
	}
	h.Gallery.Remove(remote)
	return nil
}

// Screenshot returns the screen as PNG, which is blank without a renderer: a text
// is then not to be read off it.
func (h *Handset) Screenshot(ctx context.Context) ([]byte, error) {
	if err := h.call(ctx, "screenshot"); err != nil {
		return nil, err
	}
	if h.cfg.Renderer != nil {
		return h.cfg.Renderer.PNG(h.Screen())
	}
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1)))
	return b.Bytes(), err
}

// Version returns the version name of the app.
func (h *Handset) Version(ctx context.Context, _ string) (string, error) {
	name, _ := h.App.Skin().Version()
	return name, h.call(ctx, "version")
}
