package uia2

import "net/http"

// route is one command of the protocol.
type route struct {
	pattern string
	handle  handler
}

// handler answers one command; what it returns is the answer's "value".
type handler func(*call) (any, error)

// routes is the protocol: those of the real server's routes that a phone
// without sensors, clipboard and notifications can answer.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range []route{
		{"GET /status", s.status},
		{"GET /sessions", s.listSessions},
		{"POST /session", s.newSession},
		{"/", unknownCommand},
	} {
		mux.Handle(r.pattern, s.answer(r.handle))
	}
	for _, table := range [][]route{s.sessionRoutes(), s.elementRoutes(), s.inputRoutes()} {
		for _, r := range table {
			mux.Handle(r.pattern, s.answer(s.inSession(r.handle)))
		}
	}
	return mux
}

func (s *Server) sessionRoutes() []route {
	return []route{
		{"GET /session/{session}", s.sessionDetails},
		{"DELETE /session/{session}", s.deleteSession},
		{"GET /session/{session}/source", s.source},
		{"GET /session/{session}/screenshot", s.screenshot},
		{"GET /session/{session}/window/{handle}/size", s.windowSize},
		{"GET /session/{session}/window/rect", s.windowRect},
		{"GET /session/{session}/orientation", s.orientation},
		{"POST /session/{session}/orientation", s.setOrientation},
		{"GET /session/{session}/rotation", s.rotation},
		{"GET /session/{session}/appium/settings", s.getSettings},
		{"POST /session/{session}/appium/settings", s.updateSettings},
		{"GET /session/{session}/appium/device/info", s.deviceInfo},
		{"GET /session/{session}/appium/device/pixel_ratio", s.pixelRatio},
		{"GET /session/{session}/appium/device/system_bars", s.systemBars},
		{"GET /session/{session}/appium/device/display_density", s.displayDensity},
		{"GET /session/{session}/alert/text", s.alertText},
		{"POST /session/{session}/alert/accept", s.acceptAlert},
		{"POST /session/{session}/alert/dismiss", s.dismissAlert},
	}
}

func (s *Server) elementRoutes() []route {
	return []route{
		{"POST /session/{session}/element", s.findOne},
		{"POST /session/{session}/elements", s.findAll},
		{"GET /session/{session}/element/active", s.activeElement},
		{"POST /session/{session}/element/{id}/click", s.click},
		{"POST /session/{session}/element/{id}/value", s.setValue},
		{"POST /session/{session}/element/{id}/clear", s.clear},
		{"GET /session/{session}/element/{id}/text", s.text},
		{"GET /session/{session}/element/{id}/name", s.contentDesc},
		{"GET /session/{session}/element/{id}/rect", s.rect},
		{"GET /session/{session}/element/{id}/location", s.location},
		{"GET /session/{session}/element/{id}/size", s.size},
		{"GET /session/{session}/element/{id}/displayed", s.displayed},
		{"GET /session/{session}/element/{id}/enabled", s.enabled},
		{"GET /session/{session}/element/{id}/selected", s.selected},
		{"GET /session/{session}/element/{id}/attribute/{name}", s.attribute},
		{"GET /session/{session}/element/{id}/screenshot", s.elementScreenshot},
	}
}

func (s *Server) inputRoutes() []route {
	return []route{
		{"POST /session/{session}/actions", s.performActions},
		{"POST /session/{session}/keys", s.typeKeys},
		{"POST /session/{session}/back", s.back},
		{"POST /session/{session}/appium/device/press_keycode", s.pressKey},
		{"POST /session/{session}/appium/device/long_press_keycode", s.pressKey},
		{"POST /session/{session}/appium/gestures/click", s.clickGesture},
		{"POST /session/{session}/appium/gestures/long_click", s.longClickGesture},
		{"POST /session/{session}/appium/gestures/drag", s.dragGesture},
		{"POST /session/{session}/appium/gestures/swipe", s.swipeGesture},
		{"POST /session/{session}/appium/gestures/scroll", s.scrollGesture},
	}
}
