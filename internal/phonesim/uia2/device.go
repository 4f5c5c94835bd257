package uia2

import (
	"cmp"
	"fmt"
	"image"
	"strings"
	"time"

	"postfleet/internal/phonesim/ui"
)

const (
	statusBarHeight = 63
	// baseDensity is the density at which a pixel is as large as Android's
	// density-independent one.
	baseDensity = 160
	portrait    = "PORTRAIT"
)

func (s *Server) source(*call) (any, error) { return s.phone.Screen().XML(), nil }

func (s *Server) windowSize(*call) (any, error) {
	return map[string]int{"width": ui.Width, "height": ui.Height}, nil
}

func (s *Server) windowRect(*call) (any, error) { return rectOf(ui.Bounds()), nil }

func rectOf(r image.Rectangle) map[string]int {
	return map[string]int{"x": r.Min.X, "y": r.Min.Y, "width": r.Dx(), "height": r.Dy()}
}

func (s *Server) orientation(*call) (any, error) { return portrait, nil }

// setOrientation agrees to what is so already: the phone does not turn.
func (s *Server) setOrientation(c *call) (any, error) {
	var body struct {
		Orientation string `json:"orientation"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if !strings.EqualFold(body.Orientation, portrait) {
		return nil, errElementState("Screen rotation cannot be changed to "+body.Orientation, nil)
	}
	return portrait, nil
}

func (s *Server) rotation(*call) (any, error) { return map[string]int{"x": 0, "y": 0, "z": 0}, nil }

func (s *Server) deviceInfo(*call) (any, error) {
	return map[string]any{
		"androidId":       "5f1a11e7b0a75eed",
		"manufacturer":    s.cfg.Info.Manufacturer,
		"model":           s.cfg.Info.Model,
		"brand":           strings.ToLower(s.cfg.Info.Manufacturer),
		"apiVersion":      s.cfg.Info.APIVersion,
		"platformVersion": s.cfg.Info.PlatformVersion,
		"carrierName":     "",
		"realDisplaySize": fmt.Sprintf("%dx%d", ui.Width, ui.Height),
		"displayDensity":  s.cfg.Info.Density,
		"networks":        []any{},
		"locale":          cmp.Or(s.cfg.Info.Locale, "en_US"),
		"timeZone":        time.UTC.String(),
		"bluetooth":       nil,
	}, nil
}

func (s *Server) pixelRatio(*call) (any, error) {
	return float64(s.cfg.Info.Density) / baseDensity, nil
}

func (s *Server) systemBars(*call) (any, error) {
	return map[string]int{"statusBar": statusBarHeight}, nil
}

func (s *Server) displayDensity(*call) (any, error) { return s.cfg.Info.Density, nil }
