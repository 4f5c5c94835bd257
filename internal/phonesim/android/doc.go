// Package android is the inside of a simulated phone as adb sees it: its
// properties, settings, files, media index, packages, processes and TCP ports,
// the commands of its shell, and the instrumentation that brings up the
// UiAutomator2 server.
//
// It is what package adbd calls Services. The screen and the sample app are
// behind small interfaces; it draws nothing and posts nothing. No command of
// its shell reaches the machine it runs on.
package android

import (
	"image"
	"log/slog"
	"net/http"
	"time"

	"postfleet/internal/phonesim/adbd"
)

// App is the sample app and the launcher around it. All methods are safe for
// concurrent use.
type App interface {
	// Start brings the app to the front.
	Start()
	// Stop ends it at once.
	Stop()
	Running() bool
	// Front returns the package and activity that have the focus.
	Front() (pkg, activity string)
	// GrantMedia lets the app read the gallery without asking, or revokes that.
	GrantMedia(granted bool)
}

// Input takes what the "input" command makes of fingers and keys.
type Input interface {
	Tap(p image.Point)
	Swipe(from, to image.Point)
	// Type reports whether a field had the focus.
	Type(text string) bool
	// Key presses a key by its Android key code.
	Key(code int)
}

// Automation is one run of the UiAutomator2 server: requests for its API go to
// ServeHTTP, those for the picture stream to MJPEG.
type Automation interface {
	http.Handler
	MJPEG() http.Handler
}

// Ports of the phone that the instrumentation listens on.
const (
	AutomationPort = 6790
	MJPEGPort      = 7810
)

// Config is what New needs. Storage, App, Input and the functions must be set.
type Config struct {
	Product adbd.Product
	Serial  string
	// APIVersion is Android's SDK number, and PlatformVersion its release.
	APIVersion, PlatformVersion string
	Manufacturer                string
	// Locale is the phone's language with its country, "en-US"; "" is that.
	Locale string
	// Width, Height and Density describe the display.
	Width, Height, Density int

	Storage *Storage
	App     App
	Input   Input
	// AppPackage is the package, with its main activity, that App plays.
	AppPackage Package
	// Preinstalled are other packages on the phone.
	Preinstalled []Package

	// ScreencapFunc draws the screen as a PNG.
	ScreencapFunc func() ([]byte, error)
	// AutomationFunc makes a UiAutomator2 server for one run of the
	// instrumentation. The server calls ended when it wants the run to end.
	AutomationFunc func(ended func()) Automation
	// InstrumentationDelay is how long the instrumentation takes to listen.
	InstrumentationDelay time.Duration

	Logger *slog.Logger
}
