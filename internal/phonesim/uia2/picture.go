package uia2

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"time"

	"golang.org/x/image/draw"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

const (
	// frameInterval is the real server's ten pictures a second.
	frameInterval = 100 * time.Millisecond
	// frameScale makes the stream's pictures smaller than the screen.
	frameScale   = 2
	frameQuality = 50
	boundary     = "BoundaryString"
)

// screenshot answers with a PNG in base64.
func (s *Server) screenshot(*call) (any, error) {
	b, err := s.renderer.PNG(s.phone.Screen())
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

func (s *Server) elementScreenshot(c *call) (any, error) {
	return s.onElement(c, func(n *ui.Node) (any, error) {
		m, err := s.renderer.Draw(s.phone.Screen())
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m.SubImage(n.Bounds)); err != nil {
			return nil, fmt.Errorf("encode picture of an element: %w", err)
		}
		return base64.StdEncoding.EncodeToString(b.Bytes()), nil
	})
}

// MJPEG streams pictures of the screen until the client leaves. It draws only
// while somebody looks.
func (s *Server) MJPEG() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary="+boundary)
		w.Header().Set("Cache-Control", "no-cache, private")
		ticker := time.NewTicker(frameInterval)
		defer ticker.Stop()
		for {
			if err := s.frame(w); err != nil {
				s.logger.Debug("picture stream ended", logging.Err(err))
				return
			}
			select {
			case <-r.Context().Done():
				return
			case <-ticker.C:
			}
		}
	})
}

// frame writes one picture of the stream.
func (s *Server) frame(w http.ResponseWriter) error {
	full, err := s.renderer.Draw(s.phone.Screen())
	if err != nil {
		return err
	}
	small := image.NewRGBA(image.Rect(0, 0, ui.Width/frameScale, ui.Height/frameScale))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: frameQuality}); err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	header := fmt.Sprintf("--%s\r\nContent-type: image/jpeg\r\nContent-Length: %d\r\n\r\n", boundary, b.Len())
	for _, part := range [][]byte{[]byte(header), b.Bytes(), []byte("\r\n")} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("send frame: %w", err)
		}
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return fmt.Errorf("send frame: %w", err)
	}
	return nil
}
