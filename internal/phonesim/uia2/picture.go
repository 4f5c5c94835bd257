package uia2

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/jpeg"
	"image/png"
	"net/http"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

const (
	// frameInterval is the real server's ten pictures a second.
	frameInterval = 100 * time.Millisecond
	frameQuality  = 50
	boundary      = "BoundaryString"
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
		m, err := s.renderer.Part(s.phone.Screen(), n.Bounds)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
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
				s.logger.DebugContext(r.Context(), "picture stream ended", logging.Err(err))
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
	m, err := s.renderer.Draw(s.phone.Screen())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: frameQuality}); err != nil {
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
