package uia2

import (
	"fmt"
	"maps"
)

// newSessionValue is the answer to a new session.
type newSessionValue struct {
	SessionID    string         `json:"sessionId"`
	Capabilities map[string]any `json:"capabilities"`
}

func defaultSettings() map[string]any {
	return map[string]any{
		"allowInvisibleElements": false, "ignoreUnimportantViews": false, "enableMultiWindows": false,
		"waitForIdleTimeout": 10000, "waitForSelectorTimeout": 10000, "actionAcknowledgmentTimeout": 3000,
		"scrollAcknowledgmentTimeout": 200, "keyInjectionDelay": 0, "mjpegServerPort": 7810,
		"mjpegServerFramerate": 10, "mjpegScalingFactor": 50, "mjpegServerScreenshotQuality": 50,
	}
}

func (s *Server) status(*call) (any, error) {
	return map[string]any{
		"ready":   true,
		"message": "UiAutomator2 Server is ready to accept commands",
		"build":   map[string]any{"version": s.cfg.Version, "versionCode": s.cfg.VersionCode},
	}, nil
}

func (s *Server) listSessions(*call) (any, error) {
	list := []any{}
	for _, id := range s.Sessions() {
		list = append(list, map[string]any{"id": id, "capabilities": map[string]any{}})
	}
	return list, nil
}

// newSession opens a session in the place of the one before.
func (s *Server) newSession(c *call) (any, error) {
	var body struct {
		Capabilities map[string]any `json:"capabilities"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if body.Capabilities == nil {
		return nil, errArgument("'capabilities' are mandatory for session creation")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened++
	s.session = fmt.Sprintf("%08x-0000-4000-8000-%012x", s.opened, s.opened)
	s.elements, s.settings = newElements(), defaultSettings()
	return newSessionValue{SessionID: s.session, Capabilities: body.Capabilities}, nil
}

func (s *Server) sessionDetails(*call) (any, error) {
	return map[string]any{"lastScrollData": nil}, nil
}

func (s *Server) deleteSession(c *call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session = ""
	c.afterwards = s.cfg.SessionDeletedFunc
	return nil, nil
}

func (s *Server) getSettings(*call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.settings), nil
}

func (s *Server) updateSettings(c *call) (any, error) {
	var body struct {
		Settings map[string]any `json:"settings"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.settings, body.Settings)
	return maps.Clone(s.settings), nil
}
