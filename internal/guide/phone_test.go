package guide_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/guide"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/posting"
)

const (
	account = "laden_nordlicht"
	caption = "Herbst im Laden: alles muss raus"
)

// phone is a handset with what a stage puts on its screen. It judges every touch
// by what is touched.
type phone struct {
	*handset.Handset
	stage *stage
	// account is the job's.
	account string
	// posting: phase posting was recorded. typed are the texts.
	posting bool
	typed   []string
	// outside are actions that are no part of the flow; astray are touches of
	// the app's own pages that do nothing but were of no use.
	outside, astray []string
	// callFunc, when set, is told of each call before it is done.
	callFunc func(call string)
}

var (
	_ posting.Device = (*phone)(nil)
	_ guide.Phone    = (*phone)(nil)
)

// look is how the app of a phone presents itself.
type look struct {
	skin     int
	language app.Language
	// accounts are on the phone besides the job's.
	accounts []string
}

func newPhone(t *testing.T, l look) *phone {
	t.Helper()
	p := &phone{account: account, stage: &stage{}}
	var err error
	p.Handset, err = handset.New(handset.Config{
		App: app.Config{
			Accounts: append([]string{"shop_b"}, append(l.accounts, account)...),
			Language: l.language, MediaGranted: true,
		},
		Skin: l.skin, Terse: true, CallFunc: p.called, Stage: usher{p},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Service.Set(app.Post{Account: account, Caption: "older", VideoSHA256: "0"})
	return p
}

func (p *phone) called(ctx context.Context, _ int, name string) error {
	if p.callFunc != nil && name != "version" && name != "screenshot" { // those are no part of a walk
		p.callFunc(name)
	}
	if ctx.Err() != nil {
		return fault.Errorf(fault.Infra, "%s: %w", name, ctx.Err())
	}
	return nil
}

// Launch has the stage begin anew, too.
func (p *phone) Launch(ctx context.Context, id string) error {
	p.stage.begin()
	return p.Handset.Launch(ctx, id)
}

// usher lets the phone judge what is done, and the stage have what is its own.
type usher struct{ *phone }

var _ handset.Stage = usher{}

func (u usher) Dress(s *ui.Screen) { u.stage.dress(s) }

func (u usher) Touch(page string, n *ui.Node) (taken bool) {
	u.judge(page, n)
	switch {
	case n == nil:
		return true
	case u.stage.owns(n):
		u.stage.touch(n)
		return true
	}
	u.stage.focus = ""
	return false
}

func (u usher) Type(page string, field *ui.Node, text string) (taken bool) {
	u.typed = append(u.typed, text)
	switch {
	case field == nil:
		return false
	case u.stage.owns(field): // nothing sends it
		u.astray = append(u.astray, page+": typed into "+field.Name)
		return true
	case field.Name != "caption_field":
		u.outside = append(u.outside, page+": typed into "+field.Name)
		return true
	}
	return false
}

func (u usher) Back(page string) (taken bool) { return u.stage.back(page) }

// judge says what a touch is.
func (p *phone) judge(page string, n *ui.Node) {
	switch {
	case n == nil:
		p.outside = append(p.outside, page+": what answers no touch")
	case n.Name == handset.Share:
		if shares := p.Shares(); !p.posting || shares > 1 {
			p.outside = append(p.outside, fmt.Sprintf("share, %d times, recorded %t", shares, p.posting))
		}
	case n.Name == "account_row" && n.Key != p.account:
		p.outside = append(p.outside, "account of somebody else")
	case strings.HasPrefix(n.Name, "close_"), slices.Contains(inFlow(), n.Name):
	case page == "gallery" && n.Name == "harm_comment", n.Name == "harm_comment_field",
		slices.Contains([]string{"tab_home", "create_post", "create_story"}, n.Name):
		// What it says it is, nobody can tell: it is touched, leads nowhere, and is
		// not learned.
		p.astray = append(p.astray, page+": "+n.Name)
	default:
		p.outside = append(p.outside, page+": "+n.Name+" "+n.Text)
	}
}

// inFlow is all that a walk may touch, by the names that the app's own code has
// for it: what the steps act on, and what turns an interruption down.
func inFlow() []string {
	return []string{
		"tab_profile", "profile_switcher", "account_row", "tab_create", "create_reel", "gallery_item", "next_button",
		"caption_field", "done_button", "dialog_negative", "rating_later", "promo_close",
	}
}
