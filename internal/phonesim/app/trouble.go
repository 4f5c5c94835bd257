package app

import (
	"fmt"
	"slices"
	"time"
)

// trouble is what was injected and has not yet had its effect.
type trouble struct {
	// left counts how often a fault still strikes; negative is always.
	left map[Fault]int
	// accounts are those that cannot be used, and why.
	accounts map[string]Fault
	// offline cuts the app off, and pinned pins the oldest posts.
	offline, pinned bool
	// lag is how long posts stay off the profile.
	lag time.Duration
	// popups counts those shown, to take their kinds in turn; popupOn is the
	// view that the last one covered.
	popups  int
	popupOn uint64
}

func newTrouble() trouble {
	return trouble{left: map[Fault]int{}, accounts: map[string]Fault{}}
}

// strike reports whether f is to happen now, and uses it up.
func (t *trouble) strike(f Fault) bool {
	n := t.left[f]
	if n > 0 {
		t.left[f] = n - 1
	}
	return n != 0
}

// add makes f strike count times more; it strikes always once it was told to.
func (t *trouble) add(f Fault, count int) {
	if count < 0 || t.left[f] < 0 {
		t.left[f] = -1
		return
	}
	t.left[f] += count
}

func (t *trouble) nextPopup() page {
	t.popups++
	if t.popups%2 == 1 {
		return newNotificationNag()
	}
	return newUpdateNag()
}

// Inject makes trouble: count times more for those faults that strike a number
// of times (0 is once, less is until cleared), until cleared for the others. It
// returns ErrUnknownFault for a kind that is not the app's.
func (a *App) Inject(f Fault, count int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if count == 0 {
		count = 1
	}
	switch f {
	case FaultLogout, FaultSuspended, FaultVerify:
		a.trouble.accounts[a.account] = f
	case FaultReskin:
		a.wear(max(1, count))
	case FaultNoNetwork:
		a.trouble.offline = true
	case FaultPinnedPost:
		a.trouble.pinned = true
	case FaultProfileLag:
		a.trouble.lag = a.profileLag
	case FaultActionBlocked, FaultPopup, FaultSlowPost, FaultShareFails, FaultVideoRejected, FaultStorageFull,
		FaultAppCrash, FaultPostThenDie:
		a.trouble.add(f, count)
	default:
		return fmt.Errorf("inject %q: %w", string(f), ErrUnknownFault)
	}
	a.settle()
	return nil
}

// Clear ends one kind of trouble; accounts that it struck are well again.
func (a *App) Clear(f Fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.trouble.left, f)
	for account, cause := range a.trouble.accounts {
		if cause == f {
			delete(a.trouble.accounts, account)
		}
	}
	switch f {
	case FaultReskin:
		a.wear(0)
	case FaultNoNetwork:
		a.trouble.offline = false
	case FaultPinnedPost:
		a.trouble.pinned = false
	case FaultProfileLag:
		a.trouble.lag = 0
	default:
	}
	a.settle()
}

// wear puts on another skin, as an update does, but for stopping the app. What
// the skin before had put in the way is gone.
func (a *App) wear(number int) {
	if a.dialog != nil {
		if _, ok := a.dialog.page.(interruption); ok {
			a.closeDialog()
		}
	}
	a.skin = newSkin(number, a.skin.language)
	clear(a.met)
}

// ClearAll ends all trouble.
func (a *App) ClearAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.trouble = newTrouble()
	a.wear(0)
	a.settle()
}

// chooseAccount makes the first account that can be used the current one when
// the current one cannot, as the app does when it starts.
func (a *App) chooseAccount() {
	well := func(name string) bool { return a.trouble.accounts[name] == "" }
	if well(a.account) {
		return
	}
	if i := slices.IndexFunc(a.accounts, well); i >= 0 {
		a.account = a.accounts[i]
	}
}

// settleAccount shows what is wrong with the current account, or takes that
// off the screen when it is well again.
func (a *App) settleAccount() {
	cause := a.trouble.accounts[a.account]
	shown, blocked := a.base.page.(barrier)
	switch {
	case blocked && shown.cause() == cause:
	case cause != "":
		a.abandonUpload()
		a.show(newBarrier(cause))
	case blocked:
		a.show(&home{})
	}
}

// switchTo makes name the current account and shows its home.
func (a *App) switchTo(name string) {
	a.account = name
	if a.running {
		a.abandonUpload()
		a.show(&home{})
		a.settle()
	}
}
