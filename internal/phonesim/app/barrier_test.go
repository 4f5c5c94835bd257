package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/phonesim/app"
)

func TestAccountTrouble(t *testing.T) {
	t.Parallel()
	for fault, screen := range map[app.Fault]string{
		app.FaultLogout: "logged_out", app.FaultSuspended: "suspended", app.FaultVerify: "verify",
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			play(t, nil, func(u *user) {
				u.write("caught in the middle")
				u.press("share_button")
				u.inject(fault, 0)
				u.on(screen)
				wait(time.Minute)
				u.on(screen)
				u.Key(4)
				u.on("launcher")
				u.Stop()
				u.Start() // with an account that works
				u.on("home")
				if got := u.State().Account; got != "shop_b" {
					t.Errorf("got account %s, want shop_b", got)
				}
				u.post("the others go on")
				u.press("tab_profile", "profile_switcher")
				u.pick("shop_a")
				u.on(screen)
				u.Clear(fault)
				u.on("home")
				u.post("well again")
				want := []string{"shop_b: the others go on", "shop_a: well again"}
				if diff := cmp.Diff(want, u.captions()); diff != "" {
					t.Errorf("posts differ (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestLogInAgain(t *testing.T) {
	t.Parallel()
	play(t, nil, func(u *user) {
		u.inject(app.FaultLogout, 0)
		u.press("login_button")
		if u.find("login_problem") == nil || u.see("login_problem").Text == "" {
			t.Error("an empty form is accepted")
		}
		u.press("login_username")
		u.Type("shop_a")
		u.press("login_password")
		u.Type("secret")
		if got := u.see("login_password").ShownText(); got != "••••••" {
			t.Errorf("got password shown as %q, want dots", got)
		}
		u.press("login_button")
		u.on("home")
	})
}

func TestOnlyAccountLoggedOut(t *testing.T) {
	t.Parallel()
	play(t, func(c *app.Config) { c.Accounts = []string{"solo"} }, func(u *user) {
		u.Stop()
		u.inject(app.FaultLogout, 0)
		u.Start()
		u.on("logged_out")
		u.ClearAll()
		u.on("home")
	})
}
