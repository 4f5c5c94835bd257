package app

import "postfleet/internal/phonesim/ui"

const (
	dialogMargin = 80
	dialogLine   = 170
	dialogButton = 130
)

// prompt is a dialog: a text or two and one or two buttons. Back declines it,
// or agrees where that is all one can do.
type prompt struct {
	word          string
	pkg, activity string
	// title and text are the dialog's labels; a label without text is left out.
	title, text label
	accept      choice
	dismiss     choice
}

type label struct{ name, text string }

// choice is a button and what it does; a nil do means there is no button.
type choice struct {
	label
	do func(*App)
}

func (p *prompt) name() string                  { return p.word }
func (p *prompt) owner() (pkg, activity string) { return p.pkg, p.activity }

func (p *prompt) build(*App) *ui.Node {
	card := ui.Column().Padded(margin, spacing/2).Styled(ui.Card)
	height := 2 * margin
	add := func(n *ui.Node, size int) {
		card.Children = append(card.Children, n.Sized(size))
		height += size + spacing/2
	}
	for i, l := range []label{p.title, p.text} {
		if l.text == "" {
			continue
		}
		n := ui.Label(l.name, l.text).Playing(ui.RoleMessage)
		if i == 0 {
			n.Styled(ui.Title)
		}
		add(n, dialogLine)
	}
	if p.accept.do != nil {
		add(ui.Button(p.accept.name, p.accept.text).Playing(ui.RoleAccept), dialogButton)
	}
	if p.dismiss.do != nil {
		add(ui.Button(p.dismiss.name, p.dismiss.text).Playing(ui.RoleDismiss).Styled(ui.Plain), dialogButton)
	}
	return ui.Column(
		ui.Space(),
		ui.Row(ui.Space().Sized(dialogMargin), card, ui.Space().Sized(dialogMargin)).Sized(height),
		ui.Space())
}

func (p *prompt) tap(a *App, n *ui.Node) {
	if n.Role == ui.RoleAccept {
		p.accept.do(a)
		return
	}
	p.dismiss.do(a)
}

func (p *prompt) back(a *App) {
	if p.dismiss.do != nil {
		p.dismiss.do(a)
		return
	}
	p.accept.do(a)
}

func goHome(a *App) { a.show(&home{}) }

// newMediaPermission is the system's question before the first gallery visit.
func newMediaPermission() *prompt {
	return newPermission("Allow Instagram to access photos and videos?", func(a *App) {
		a.granted = true
		a.closeDialog()
	})
}

func newPermission(question string, allow func(*App)) *prompt {
	return &prompt{
		word: "permission", pkg: permissionPackage, activity: permissionActivity,
		text:    label{"permission_message", question},
		accept:  choice{label{"permission_allow_button", "Allow"}, allow},
		dismiss: choice{label{"permission_deny_button", "Don't allow"}, (*App).closeDialog},
	}
}

// newNotificationNag is one of the two popups.
func newNotificationNag() *prompt {
	return &prompt{
		word: "notification_nag", pkg: Package, activity: Activity,
		title: label{"dialog_title", "Turn on notifications?"},
		accept: choice{label{"dialog_positive", "Turn on"}, func(a *App) {
			a.open(newPermission("Allow Instagram to send you notifications?", (*App).closeDialog))
		}},
		dismiss: choice{label{"dialog_negative", "Not now"}, (*App).closeDialog},
	}
}

// newUpdateNag is the other popup. Agreeing leaves the app.
func newUpdateNag() *prompt {
	return &prompt{
		word: "update_nag", pkg: Package, activity: Activity,
		title: label{"dialog_title", "Update Instagram"},
		text:  label{"dialog_text", "A new version is available."},
		accept: choice{label{"dialog_positive", "Update"}, func(a *App) {
			a.closeDialog()
			a.leave(&playStore{})
		}},
		dismiss: choice{label{"dialog_negative", "Not now"}, (*App).closeDialog},
	}
}

// newActionBlocked refuses to share.
func newActionBlocked() *prompt {
	return &prompt{
		word: "action_blocked", pkg: Package, activity: Activity,
		title:  label{"dialog_title", "Action blocked"},
		text:   label{"dialog_text", "You can't use this feature right now"},
		accept: choice{label{"dialog_positive", "OK"}, goHome},
	}
}

// newShareFailed ends a share that did not work.
func newShareFailed() *prompt {
	return &prompt{
		word: "share_failed", pkg: Package, activity: Activity,
		title:  label{"dialog_title", "Couldn't share your reel"},
		accept: choice{label{"dialog_dismiss", "Try again later"}, goHome},
	}
}
