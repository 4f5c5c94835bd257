package app

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

// App is the phone's screen: the app and what is around it. All methods are
// safe for concurrent use, and none blocks for longer than Store and Gallery
// do, except Close.
type App struct {
	cfg    Config
	logger *slog.Logger
	// uploads are the goroutines that share; Close waits for them.
	uploads sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	serial   uint64
	accounts []string
	account  string
	granted  bool
	trouble  trouble
	skin     *Skin
	// met are the interruptions that the app's process has shown.
	met map[string]bool

	// outside is what covers the app: the launcher, or another app. Nil when
	// the app is in front.
	outside *view
	// running says that the app has a process; base fills its window and dialog
	// is above it, or nil.
	running bool
	base    view
	dialog  *view
	// focus names the text field that has the input focus.
	focus string
	// abandon tells the upload under way that its app is gone; nil without one.
	abandon chan struct{}
	// slowUpload is how long FaultSlowPost makes sharing take.
	slowUpload time.Duration
	// profileLag is how long FaultProfileLag keeps posts off the profile.
	profileLag time.Duration
}

// New returns an app that is not running: the launcher shows. Close ends it.
// It returns ErrNoAccount when the config names none, and ErrUnknownLanguage
// for a language that the app does not speak.
func New(cfg Config) (*App, error) {
	if len(cfg.Accounts) == 0 {
		return nil, ErrNoAccount
	}
	if cfg.Store == nil || cfg.Gallery == nil {
		return nil, errors.New("app: a store and a gallery are needed")
	}
	skin, err := NewSkin(0, cfg.Language)
	if err != nil {
		return nil, err
	}
	if cfg.UploadTime == 0 {
		cfg.UploadTime = DefaultUploadTime
	}
	if cfg.Logger == nil {
		cfg.Logger = logging.Discard()
	}
	a := &App{
		cfg: cfg, logger: cfg.Logger, granted: cfg.MediaGranted, slowUpload: DefaultSlowUploadTime,
		profileLag: DefaultProfileLag,
		accounts:   slices.Clone(cfg.Accounts), account: cfg.Accounts[0], trouble: newTrouble(),
		skin: skin, met: map[string]bool{},
	}
	a.leave(&launcher{})
	return a, nil
}

// Close stops the app for good and waits for what it has under way.
func (a *App) Close() {
	a.mu.Lock()
	a.stop()
	a.closed = true
	a.mu.Unlock()
	a.uploads.Wait()
}

// Start brings the app to the front, as a tap on its icon does: where it was
// left, or at home when it was not running. It is the caller's to Stop first.
func (a *App) Start() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.start()
}

func (a *App) start() {
	if a.closed {
		return
	}
	a.outside = nil
	if !a.running {
		a.running = true
		a.chooseAccount()
		a.show(&home{})
	}
	a.settle()
}

// Stop ends the app at once, as "am force-stop" does. What it was sharing and
// had not yet published is never published.
func (a *App) Stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stop()
}

func (a *App) stop() {
	a.abandonUpload()
	if a.crashed() || a.running && a.outside == nil {
		a.leave(&launcher{})
	}
	a.die()
}

// die leaves nothing of the app's process.
func (a *App) die() {
	a.running, a.base, a.dialog, a.focus = false, view{}, nil, ""
	clear(a.met)
}

// Running reports whether the app has a process, in front or not.
func (a *App) Running() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running
}

// Front returns the package and the activity that have the focus.
func (a *App) Front() (pkg, activity string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.top().owner()
}

// Screen returns what is on the screen now. The tree is the caller's own.
func (a *App) Screen() ui.Screen {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.screen()
}

// GrantMedia lets the app read the gallery without asking, or revokes that.
func (a *App) GrantMedia(granted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.granted = granted
}

// State is what GET /state tells of the app.
type State struct {
	// Screen names the screen: "launcher", "home", "caption", …; a dialog's
	// name when one is up.
	Screen  string `json:"screen"`
	Account string `json:"account"`
	Running bool   `json:"running"`
	Package string `json:"foreground"`
}

// State returns the app's state.
func (a *App) State() State {
	a.mu.Lock()
	defer a.mu.Unlock()
	pkg, _ := a.top().owner()
	return State{Screen: a.top().name(), Account: a.account, Running: a.running, Package: pkg}
}

// Skin returns what the app is dressed in.
func (a *App) Skin() *Skin {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.skin
}

// Accounts lists the accounts that the phone knows.
func (a *App) Accounts() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.accounts)
}

// SetAccount makes name the current account, adding it to the phone when it is
// new, and takes a running app to its home screen. An empty name is
// ErrNoAccount.
func (a *App) SetAccount(name string) error {
	if name == "" {
		return fmt.Errorf("set account %q: %w", name, ErrNoAccount)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.accounts, name) {
		a.accounts = append(a.accounts, name)
	}
	a.switchTo(name)
	return nil
}
