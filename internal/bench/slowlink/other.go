package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"strconv"
	"time"

	"postfleet/internal/appium"
	"postfleet/internal/phonesim/app"
)

const (
	// otherPoll is how often people's explicit waits look: it is what Selenium's
	// do unless they are told otherwise.
	otherPoll = 500 * time.Millisecond
	// otherPatience is for one element, otherUpload for a post to be shared.
	otherPatience = 20 * time.Second
	otherUpload   = 2 * time.Minute
)

// other is an ordinary client: a session for each job, each element found by a
// call of its own.
type other struct {
	client *appium.Client
	caps   map[string]any
}

// usual are the capabilities of a client that is used with one phone of several.
// All but the first half are what it needs to share an adb server with us.
func usual(phone string, adbPort, systemPort int) map[string]any {
	return map[string]any{
		"platformName":             "Android",
		"appium:automationName":    "UiAutomator2",
		"appium:udid":              phone,
		"appium:appPackage":        app.Package,
		"appium:appActivity":       app.Activity,
		"appium:noReset":           true,
		"appium:newCommandTimeout": 300,

		"appium:systemPort":                   systemPort,
		"appium:remoteAdbHost":                "127.0.0.1",
		"appium:adbPort":                      adbPort,
		"appium:suppressKillServer":           true,
		"appium:settings[waitForIdleTimeout]": 500, // as internal/device
	}
}

// leaner adds what internal/device asks for once it knows a phone.
func leaner(caps map[string]any) map[string]any {
	for _, name := range []string{
		"skipDeviceInitialization", "skipServerInstallation", "skipLogcatCapture", "skipUnlock",
		"ignoreHiddenApiPolicyError",
	} {
		caps["appium:"+name] = true
	}
	return caps
}

// post opens a session, which launches the app, posts, and sees that the post is
// on the profile.
func (o *other) post(ctx context.Context, j job) (err error) {
	s, err := o.client.NewSession(ctx, o.caps)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Delete(context.WithoutCancel(ctx))) }()
	h := &hand{s}
	if err := h.upload(ctx, j); err != nil {
		return err
	}
	if err := h.choose(ctx, j.account); err != nil {
		return fmt.Errorf("choose account: %w", err)
	}
	before, err := h.count(ctx)
	if err != nil {
		return fmt.Errorf("read profile: %w", err)
	}
	if before > 0 {
		if _, err := h.read(ctx, "profile_post_caption"); err != nil {
			return fmt.Errorf("read profile: %w", err)
		}
	}
	if err := h.publish(ctx, j.caption); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return h.verify(ctx, before+1, j.caption)
}

// hand does to elements what people's page objects do.
type hand struct{ session *appium.Session }

func (h *hand) upload(ctx context.Context, j job) error {
	return h.session.Execute(ctx, "mobile: pushFile", map[string]any{
		"remotePath": path.Join("/sdcard/Movies", j.name+".mp4"),
		"payload":    base64.StdEncoding.EncodeToString(j.video),
	}, nil)
}

func (h *hand) choose(ctx context.Context, account string) error {
	if err := h.tap(ctx, "tab_profile"); err != nil {
		return err
	}
	switcher, err := h.find(ctx, "profile_switcher")
	if err != nil {
		return err
	}
	if now, err := h.session.Text(ctx, switcher); now == account || err != nil {
		return err
	}
	if err := h.session.Click(ctx, switcher); err != nil {
		return err
	}
	row, err := h.await(ctx, otherPatience, appium.ByXPath,
		fmt.Sprintf("//*[@resource-id='%s' and @text='%s']", idOf("account_row"), account))
	if err != nil {
		return err
	}
	if err := h.session.Click(ctx, row); err != nil {
		return err
	}
	if err := h.tap(ctx, "tab_profile"); err != nil {
		return err
	}
	now, err := h.read(ctx, "profile_switcher")
	if err == nil && now != account {
		return fmt.Errorf("%s is in front, not %s", now, account)
	}
	return err
}

func (h *hand) count(ctx context.Context) (int, error) {
	text, err := h.read(ctx, "profile_post_count")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

func (h *hand) publish(ctx context.Context, caption string) error {
	for _, name := range []string{"tab_create", "create_reel", "gallery_item", "next_button"} {
		if err := h.tap(ctx, name); err != nil {
			return err
		}
	}
	// The next screen has a button of that name, too.
	if _, err := h.find(ctx, "edit_preview"); err != nil {
		return err
	}
	if err := h.tap(ctx, "next_button"); err != nil {
		return err
	}
	if err := h.write(ctx, "caption_field", caption); err != nil {
		return err
	}
	if err := h.tap(ctx, "share_button"); err != nil {
		return err
	}
	if _, err := h.await(ctx, otherUpload, appium.ByID, idOf("share_done")); err != nil {
		return err
	}
	return h.tap(ctx, "done_button")
}

// verify sees that the profile has so many posts, the newest with that caption.
func (h *hand) verify(ctx context.Context, count int, caption string) error {
	if err := h.tap(ctx, "tab_profile"); err != nil {
		return err
	}
	now, err := h.count(ctx)
	if err == nil && now != count {
		err = fmt.Errorf("%d posts, want %d", now, count)
	}
	if err != nil {
		return fmt.Errorf("read profile: %w", err)
	}
	newest, err := h.read(ctx, "profile_post_caption")
	if err == nil && newest != caption {
		err = fmt.Errorf("the newest post says %q, not %q", newest, caption)
	}
	if err != nil {
		return fmt.Errorf("read profile: %w", err)
	}
	return nil
}

func (h *hand) tap(ctx context.Context, name string) error {
	element, err := h.find(ctx, name)
	if err != nil {
		return err
	}
	return h.session.Click(ctx, element)
}

func (h *hand) read(ctx context.Context, name string) (string, error) {
	element, err := h.find(ctx, name)
	if err != nil {
		return "", err
	}
	return h.session.Text(ctx, element)
}

// write types and sees that the field holds it.
func (h *hand) write(ctx context.Context, name, text string) error {
	field, err := h.find(ctx, name)
	if err != nil {
		return err
	}
	if err := h.session.Click(ctx, field); err != nil {
		return err
	}
	if err := h.session.SendKeys(ctx, field, text); err != nil {
		return err
	}
	got, err := h.session.Text(ctx, field)
	if err == nil && got != text {
		return fmt.Errorf("the field holds %q, not %q", got, text)
	}
	return err
}

func (h *hand) find(ctx context.Context, name string) (string, error) {
	return h.await(ctx, otherPatience, appium.ByID, idOf(name))
}

// await looks for an element until it is there.
func (h *hand) await(ctx context.Context, patience time.Duration, by appium.Strategy, what string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		element, err := h.session.Find(ctx, by, what)
		if !appium.IsNoSuchElement(err) {
			return element, err
		}
		if !rest(ctx, otherPoll) {
			return "", fmt.Errorf("wait for %s: %w", what, context.Cause(ctx))
		}
	}
}

func idOf(name string) string { return app.Package + ":id/" + name }

// rest reports whether d passed before ctx ended.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
