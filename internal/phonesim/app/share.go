package app

import (
	"log/slog"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

// share starts to publish d, or refuses to.
func (a *App) share(d draft) {
	if a.trouble.strike(FaultActionBlocked) {
		a.open(newActionBlocked())
		return
	}
	wait := a.cfg.UploadTime
	if a.trouble.strike(FaultSlowPost) {
		wait = a.slowUpload
	}
	abandon, account := make(chan struct{}), a.account
	a.abandon = abandon
	a.show(&posting{})
	a.uploads.Go(func() { a.upload(d, account, wait, abandon) })
}

// SetSlowUploadTime says how long FaultSlowPost makes sharing take from the next
// share tap on; 0 is DefaultSlowUploadTime.
func (a *App) SetSlowUploadTime(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.slowUpload = d
	if d <= 0 {
		a.slowUpload = DefaultSlowUploadTime
	}
}

// SetProfileLag says how long FaultProfileLag keeps posts off the profile from
// its next injection on; 0 is DefaultProfileLag.
func (a *App) SetProfileLag(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.profileLag = d
	if d <= 0 {
		a.profileLag = DefaultProfileLag
	}
}

// abandonUpload gives up what is being shared, if anything is.
func (a *App) abandonUpload() {
	if a.abandon != nil {
		close(a.abandon)
		a.abandon = nil
	}
}

// upload publishes d after wait, unless it is abandoned before.
func (a *App) upload(d draft, account string, wait time.Duration, abandon <-chan struct{}) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-abandon:
		return
	case <-timer.C:
	}
	p, dies, ok := a.publish(d, account, abandon)
	if !ok {
		return
	}
	if dies && a.cfg.PostThenDieFunc != nil {
		a.cfg.PostThenDieFunc(p)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !isClosed(abandon) {
		a.abandon = nil
		a.show(&posted{})
		a.settle()
	}
}

// publish is the moment of truth. It holds the app's lock, so that a Stop
// comes either before it, and nothing is posted, or after it.
func (a *App) publish(d draft, account string, abandon <-chan struct{}) (p Post, dies, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if isClosed(abandon) {
		return Post{}, false, false
	}
	switch {
	case a.trouble.offline || a.trouble.strike(FaultShareFails):
		a.endShare(newShareFailed())
		return Post{}, false, false
	case a.trouble.strike(FaultVideoRejected):
		a.endShare(newVideoRejected())
		return Post{}, false, false
	}
	p = Post{
		Account: account, Caption: d.caption,
		VideoSHA256: d.video.SHA256, VideoBytes: d.video.Bytes, At: time.Now().UTC(),
	}
	if err := a.cfg.Store.Add(p); err != nil {
		a.logger.Error("reel could not be stored", slog.String(logging.KeyAccount, account), logging.Err(err))
		a.endShare(newShareFailed())
		return Post{}, false, false
	}
	a.logger.Info("reel published", logging.KeyAccount, account)
	return p, a.trouble.strike(FaultPostThenDie), true
}

// endShare tells with a dialog why nothing was published.
func (a *App) endShare(why *prompt) {
	a.abandon = nil
	a.open(why)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// posting shows while the reel is on its way. It has no buttons.
type posting struct{ inApp }

func (*posting) name() string { return "posting" }

func (*posting) build(a *App) *ui.Node {
	return a.sheet(title(a.say("New reel")),
		ui.Space(),
		ui.Label("upload_progress", a.say("Sharing to Reels…")).Styled(ui.Centered).Sized(rowSize),
		ui.Space())
}

func (*posting) tap(*App, *ui.Node) {}
func (*posting) back(*App)          {}

// posted confirms.
type posted struct{ quiet }

func (*posted) name() string { return "posted" }

func (*posted) build(a *App) *ui.Node {
	return a.sheet(title(a.say("New reel")), body(
		ui.Space(),
		ui.Label("share_done", a.say("Your reel has been shared.")).Styled(ui.Centered).Sized(rowSize),
		ui.Space(),
		ui.Button("done_button", a.say("Done")).Sized(buttonHeight),
	))
}

func (*posted) tap(a *App, _ *ui.Node) { a.show(&home{}) }
func (*posted) back(a *App)            { a.show(&home{}) }
