package phonesim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// FaultKind is a kind of trouble a phone can be told to have.
type FaultKind string

// Trouble with the phone or the way to it.
const (
	// FaultDropLink closes all adb connections, and refuses new ones for as
	// long as the fault lasts.
	FaultDropLink FaultKind = "drop_link"
	// FaultFreeze keeps connections open, and accepts more, but nothing answers.
	FaultFreeze FaultKind = "freeze"
	// FaultOffline closes all adb connections and refuses new ones.
	FaultOffline FaultKind = "offline"
	// FaultReboot drops everything that runs. Files, packages and posts stay.
	// It lasts as long as booting takes.
	FaultReboot FaultKind = "reboot"
	// FaultCrashInstrumentation ends the UiAutomator2 server, which cannot be
	// started for as long as the fault lasts.
	FaultCrashInstrumentation FaultKind = "crash_instrumentation"
	// FaultGloginExpired takes their glogin from all connected hosts, who have to
	// do it again. Only a cloud phone can have that.
	FaultGloginExpired FaultKind = "glogin_expired"
)

// Trouble with the app.
const (
	// FaultLogout logs the current account out.
	FaultLogout FaultKind = "logout"
	// FaultActionBlocked refuses to share.
	FaultActionBlocked FaultKind = "action_blocked"
	// FaultPopup puts a dialog in the way.
	FaultPopup FaultKind = "popup"
	// FaultSlowPost makes sharing slow: it takes For, or 5 s.
	FaultSlowPost FaultKind = "slow_post"
	// FaultPostThenDie publishes, and before anything says so closes all adb
	// connections and ends the app and the UiAutomator2 server.
	FaultPostThenDie FaultKind = "post_then_die"
	// FaultShareFails ends sharing with an error; nothing is published.
	FaultShareFails FaultKind = "share_fails"
	// FaultReskin is an update of the app to the skin with the number Count: its
	// version is another, views have other resource ids, words and places, and
	// something unknown gets in the way, see app.Skin.
	FaultReskin FaultKind = "reskin"
	// FaultSuspended shows that the current account was suspended.
	FaultSuspended FaultKind = "suspended"
	// FaultVerificationAsked wants to know who is using the current account.
	FaultVerificationAsked FaultKind = "verification_asked"
	// FaultVideoRejected ends sharing because of the video; nothing is published.
	FaultVideoRejected FaultKind = "video_rejected"
	// FaultStorageFull keeps a video from being edited.
	FaultStorageFull FaultKind = "storage_full"
	// FaultAppCrash ends the app while it is in front.
	FaultAppCrash FaultKind = "app_crash"
	// FaultNoNetwork cuts the app off from its service, but adb from nothing.
	FaultNoNetwork FaultKind = "no_network"
	// FaultPinnedPost shows the oldest post of a profile first, as pinned ones are.
	FaultPinnedPost FaultKind = "pinned_post"
	// FaultProfileLag keeps a post off the profile while it is younger than For,
	// or 30 s.
	FaultProfileLag FaultKind = "profile_lag"
)

// maxFaultTime keeps a slip of the pen from arming a fault for years.
const maxFaultTime = 24 * time.Hour

// ErrBadFault is in the chain of what is wrong with a Fault.
var ErrBadFault = errors.New("phonesim: bad fault")

// Fault asks for trouble. What the fields mean depends on the kind:
//
//   - Kinds that strike by themselves take effect After the request, last For,
//     and do so Count times in all, each After the end of the one before.
//     freeze, offline, logout, suspended, verification_asked, no_network,
//     pinned_post and reskin last until they are cleared when For is 0, and then
//     strike only once. drop_link, crash_instrumentation and glogin_expired are
//     over in a moment when For is 0, and reboot takes the phone's boot time.
//     Count is something else with reskin, which strikes once: the number of
//     the skin, with 0 the first.
//   - Kinds that lie in wait for the app (action_blocked, popup, slow_post,
//     post_then_die, share_fails, video_rejected, storage_full, app_crash) lie
//     in wait from After the request on, for For, or until they struck Count
//     times. With For 0 they have no other end than that. With Count 0 they
//     strike once; or when For is set, each time there is an occasion. For is
//     something else with slow_post: how long sharing takes.
//   - profile_lag begins After the request and lasts until it is cleared. For is
//     how long posts stay away, and Count means nothing.
//
// Faults of several requests add up. The end of one ends the waiting ones of
// the same kind in the app.
type Fault struct {
	Kind  FaultKind
	After time.Duration
	For   time.Duration
	Count int
}

// FaultKinds lists the kinds a phone knows, sorted.
func FaultKinds() []FaultKind {
	kinds := []FaultKind{
		FaultDropLink, FaultFreeze, FaultOffline, FaultReboot, FaultCrashInstrumentation, FaultLogout,
		FaultActionBlocked, FaultPopup, FaultSlowPost, FaultPostThenDie, FaultShareFails, FaultReskin,
		FaultGloginExpired, FaultSuspended, FaultVerificationAsked, FaultVideoRejected, FaultStorageFull,
		FaultAppCrash, FaultNoNetwork, FaultPinnedPost, FaultProfileLag,
	}
	slices.Sort(kinds)
	return kinds
}

// lasts reports whether the kind goes on until it is cleared when For is 0.
func (k FaultKind) lasts() bool {
	switch k {
	case FaultFreeze, FaultOffline, FaultLogout, FaultSuspended, FaultVerificationAsked, FaultNoNetwork,
		FaultPinnedPost, FaultReskin:
		return true
	default:
		return false
	}
}

// liesInWait reports whether it is the app that decides when the kind strikes.
func (k FaultKind) liesInWait() bool {
	switch k {
	case FaultActionBlocked, FaultPopup, FaultSlowPost, FaultPostThenDie, FaultShareFails, FaultVideoRejected,
		FaultStorageFull, FaultAppCrash:
		return true
	default:
		return false
	}
}

// lapses reports whether the fault is over by itself after For. The app knows
// when it has had enough of the others that lie in wait.
func (f Fault) lapses() bool {
	switch {
	case f.Kind == FaultProfileLag || f.Kind == FaultSlowPost:
		return false
	case f.Kind.liesInWait():
		return f.For > 0
	}
	return true
}

// rounds is how often the fault begins and ends.
func (f Fault) rounds() int {
	if f.Kind.liesInWait() || f.Kind == FaultReskin || f.Kind == FaultProfileLag {
		return 1
	}
	return max(1, f.Count)
}

// Validate returns an error with ErrBadFault that tells everything that is
// wrong with f.
func (f Fault) Validate() error {
	var problems []string
	if kinds := FaultKinds(); !slices.Contains(kinds, f.Kind) {
		problems = append(problems, fmt.Sprintf("kind %q is none of %v", f.Kind, kinds))
	}
	if f.After < 0 || f.After > maxFaultTime {
		problems = append(problems, fmt.Sprintf("after_ms must be from 0 to %d", maxFaultTime.Milliseconds()))
	}
	if f.For < 0 || f.For > maxFaultTime {
		problems = append(problems, fmt.Sprintf("for_ms must be from 0 to %d", maxFaultTime.Milliseconds()))
	}
	if f.Count < 0 {
		problems = append(problems, "count must not be negative")
	}
	if f.Kind.lasts() && f.For == 0 && f.rounds() > 1 {
		problems = append(problems, fmt.Sprintf("%s lasts until it is cleared: a count needs for_ms", f.Kind))
	}
	if len(problems) > 0 {
		return fmt.Errorf("%w: %s", ErrBadFault, strings.Join(problems, "; "))
	}
	return nil
}

// strikes is how often the app shall make the trouble; less than 0 is without
// end. Of reskin it is the skin.
func (f Fault) strikes() int {
	switch {
	case f.Count > 0:
		return f.Count
	case f.For > 0 && f.Kind != FaultReskin:
		return -1
	default:
		return 1
	}
}
