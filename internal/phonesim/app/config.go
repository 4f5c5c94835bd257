package app

import (
	"errors"
	"log/slog"
	"time"
)

// What the phone's package manager knows of the app, and of the programs
// around it.
const (
	Package          = "com.instagram.android"
	Activity         = "com.instagram.mainactivity.MainActivity"
	LauncherPackage  = "com.android.launcher3"
	LauncherActivity = "com.android.launcher3.uioverrides.QuickstepLauncher"

	permissionPackage  = "com.android.permissioncontroller"
	permissionActivity = "com.android.permissioncontroller.permission.ui.GrantPermissionsActivity"
	storePackage       = "com.android.vending"
	storeActivity      = "com.google.android.finsky.activities.MainActivity"
	settingsPackage    = "com.android.settings"
	settingsActivity   = "com.android.settings.applications.InstalledAppDetails"
	systemPackage      = "android"
	crashActivity      = "com.android.server.am.AppErrorDialog"
)

// DefaultUploadTime is how long sharing takes, DefaultSlowUploadTime how long it
// takes under FaultSlowPost, and DefaultProfileLag how long a post stays off the
// profile under FaultProfileLag.
const (
	DefaultProfileLag     = 30 * time.Second
	DefaultUploadTime     = 300 * time.Millisecond
	DefaultSlowUploadTime = 5 * time.Second
)

// Errors of this package.
var (
	// ErrNoAccount is New's when there is nobody to log in, and SetAccount's for
	// an account that the phone does not know.
	ErrNoAccount = errors.New("app: no such account")
	// ErrNotEditable is SetText's for a view that is gone or takes no text.
	ErrNotEditable = errors.New("app: no such text field on the screen")
	// ErrUnknownLanguage is New's and NewSkin's for a language without words.
	ErrUnknownLanguage = errors.New("app: unknown language")
	// ErrUnknownFault is Inject's for a kind that is not one of the app's.
	ErrUnknownFault = errors.New("app: unknown fault")
)

// Post is one published reel.
type Post struct {
	Account string `json:"account"`
	// Caption is what was typed, byte for byte.
	Caption     string    `json:"caption"`
	VideoSHA256 string    `json:"video_sha256"`
	VideoBytes  int64     `json:"video_bytes"`
	At          time.Time `json:"at"`
}

// Video is one item of the gallery.
type Video struct {
	// Path is where the file is on the phone; it tells items apart.
	Path string
	// SHA256 is in lower-case hex.
	SHA256  string
	Bytes   int64
	Created time.Time
}

// Store is the service behind the app. The app calls it with its own lock
// held: it must not call back into the app.
type Store interface {
	// Add publishes. When it returns nil the post outlives the process.
	Add(p Post) error
	// Posts lists an account's posts of all phones of the fleet, newest first.
	Posts(account string) ([]Post, error)
}

// Gallery is the phone's media library. The app calls it with its own lock
// held: it must not call back into the app.
type Gallery interface {
	// Videos lists what the media scanner has seen, newest first.
	Videos() []Video
}

// Config is what New needs.
type Config struct {
	// Accounts are logged in from the start; the first is the current one.
	Accounts []string
	Store    Store
	Gallery  Gallery
	// MediaGranted says that the app may already read the gallery, so that it
	// does not ask.
	MediaGranted bool
	// Language is what the phone is set to; "" is English.
	Language Language
	// UploadTime is how long sharing takes; 0 is DefaultUploadTime.
	UploadTime time.Duration
	// PostThenDieFunc is called under FaultPostThenDie once a post is stored
	// and before anything on the screen says so; the confirmation waits for its
	// return. It may call the app, except for Close. Nil does nothing.
	PostThenDieFunc func(Post)
	// Logger gets posts and faults; nil discards them.
	Logger *slog.Logger
}
