package app

import (
	"slices"

	"postfleet/internal/phonesim/ui"
)

// barrier is a page that takes the place of all others for as long as
// something is wrong with the current account.
type barrier interface {
	page
	cause() Fault
}

func newBarrier(cause Fault) barrier {
	switch cause {
	case FaultSuspended:
		return &suspended{}
	case FaultVerify:
		return &verify{}
	default:
		return &loggedOut{}
	}
}

// loggedOut asks to log in. Any password does for an account of the phone.
type loggedOut struct {
	inApp
	user, password string
	wrong          bool
}

func (*loggedOut) name() string { return "logged_out" }
func (*loggedOut) cause() Fault { return FaultLogout }

func (l *loggedOut) build(a *App) *ui.Node {
	password := ui.Field("login_password", l.password, a.say("Password")).Sized(buttonHeight)
	password.Password = true
	problem := ""
	if l.wrong {
		problem = a.say("Sorry, your username or password was incorrect.")
	}
	return a.sheet(title(a.say("Log in to Instagram")), body(
		ui.Field("login_username", l.user, a.say("Username, email or mobile number")).Sized(buttonHeight),
		password,
		ui.Button("login_button", a.say("Log in")).Sized(buttonHeight),
		ui.Label("login_problem", problem).Styled(ui.Quiet).Sized(rowSize),
		ui.Space(),
	))
}

func (l *loggedOut) field(name string) *string {
	switch name {
	case "login_username":
		return &l.user
	case "login_password":
		return &l.password
	}
	return nil
}

func (l *loggedOut) tap(a *App, _ *ui.Node) {
	l.wrong = l.password == "" || !slices.Contains(a.accounts, l.user)
	if l.wrong {
		return
	}
	if a.trouble.accounts[l.user] == FaultLogout {
		delete(a.trouble.accounts, l.user)
	}
	a.switchTo(l.user)
}

func (*loggedOut) back(a *App) { a.leave(&launcher{}) }

// suspended says that the account is gone.
type suspended struct{ inApp }

func (*suspended) name() string { return "suspended" }
func (*suspended) cause() Fault { return FaultSuspended }

func (*suspended) build(a *App) *ui.Node {
	return a.sheet(title(a.say("We suspended your account")), body(
		ui.Label("suspended_account", a.account).Sized(rowSize),
		ui.Label("suspended_reason", a.say("Your account doesn't follow our Community Guidelines. "+
			"No one can see or find it, and you can't use it.")).Styled(ui.Paragraph),
	))
}

func (*suspended) tap(*App, *ui.Node) {}
func (*suspended) back(a *App)        { a.leave(&launcher{}) }

// verify asks for a code that never arrives.
type verify struct {
	inApp
	code  string
	wrong bool
}

func (*verify) name() string { return "verify" }
func (*verify) cause() Fault { return FaultVerify }

func (v *verify) build(a *App) *ui.Node {
	text := a.say("Enter the code that we sent to your phone.")
	if v.wrong {
		text = a.say("That code isn't valid. Enter the code that we sent to your phone.")
	}
	return a.sheet(title(a.say("Confirm it's you")), body(
		ui.Label("verify_text", text).Sized(rowSize),
		ui.Field("verify_code", v.code, a.say("Code")).Sized(buttonHeight),
		ui.Button("verify_button", a.say("Continue")).Sized(buttonHeight),
		ui.Space(),
	))
}

func (v *verify) field(name string) *string {
	if name == "verify_code" {
		return &v.code
	}
	return nil
}

func (v *verify) tap(*App, *ui.Node) { v.wrong = true }
func (*verify) back(a *App)          { a.leave(&launcher{}) }
