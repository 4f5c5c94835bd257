package app

import (
	"log/slog"
	"slices"
	"strconv"
	"time"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

const (
	profilePosts      = 9
	profilePostHeight = 186

	addRow       = rowSize + 2*margin
	switcherRoom = rowsRoom - addRow
)

// profile shows the account and its newest posts, as they were when the page
// was opened or last pulled down.
type profile struct {
	quiet
	posts []Post
	// pinned says that the first post is there because it is pinned.
	pinned bool
	failed bool
}

func newProfile(a *App) *profile {
	p := &profile{}
	p.load(a)
	return p
}

func (p *profile) load(a *App) {
	if p.failed = a.trouble.offline; p.failed {
		return
	}
	posts, err := a.cfg.Store.Posts(a.account)
	if p.failed = err != nil; p.failed {
		a.logger.Error("posts could not be read", slog.String(logging.KeyAccount, a.account), logging.Err(err))
		return
	}
	if lag := a.trouble.lag; lag > 0 {
		posts = slices.DeleteFunc(slices.Clone(posts), func(post Post) bool { return time.Since(post.At) < lag })
	}
	p.pinned = a.trouble.pinned && len(posts) > 0
	if last := len(posts) - 1; p.pinned {
		posts = slices.Concat(posts[last:], posts[:last])
	}
	p.posts = posts
}

func (*profile) name() string { return "profile" }

func (p *profile) build(a *App) *ui.Node {
	switcher := ui.Entry("profile_switcher", a.account).Styled(ui.Title)
	if p.failed {
		return a.sheet(switcher,
			ui.Label("profile_error", a.say("Couldn't load posts")).Styled(ui.Centered), a.tabs("tab_profile"))
	}
	count := ui.Row(
		ui.Label("profile_post_count", strconv.Itoa(len(p.posts))).Sized(170),
		ui.Label("profile_post_label", a.say("posts")).Styled(ui.Quiet),
	).Sized(120)
	list := ui.Column().Named("profile_posts").As(ui.ClassList)
	list.Scrollable = true
	for i, post := range p.posts[:min(profilePosts, len(p.posts))] {
		list.Children = append(list.Children, postRow(a, post, p.pinned && i == 0))
	}
	list.Children = append(list.Children, ui.Space())
	return a.sheet(switcher, count, list, a.tabs("tab_profile"))
}

// postRow is one post. A pinned one says so, with a picture and its description.
func postRow(a *App, p Post, pinned bool) *ui.Node {
	cover := ui.Picture("profile_post_cover", "").Keyed(p.VideoSHA256).Sized(150)
	caption := ui.Label("profile_post_caption", p.Caption)
	row, desc := ui.Row(cover, caption), "Reel by %s"
	if pinned {
		pin := ui.Picture("profile_post_pin", a.say("Pinned")).Sized(60)
		row, desc = ui.Row(cover, pin, caption), "Pinned reel by %s"
	}
	row.Named("profile_post").Described(a.say(desc, p.Account)).Padded(12, 12).Sized(profilePostHeight)
	row.Class = ui.ClassFrame
	return row
}

func (*profile) tap(a *App, n *ui.Node) {
	if n.Name == "profile_switcher" {
		a.show(&switcher{})
		return
	}
	openTab(a, n)
}

func (*profile) back(a *App) { a.show(&home{}) }

// scroll loads the posts anew when the page is pulled down.
func (p *profile) scroll(a *App, rows int) {
	if rows < 0 {
		p.load(a)
	}
}

// switcher lists the phone's accounts.
type switcher struct {
	quiet
	// scrolled counts the rows above the screen.
	scrolled int
}

func (*switcher) name() string { return "switcher" }

func (s *switcher) build(a *App) *ui.Node {
	rows := make([]*ui.Node, 0, len(a.accounts))
	for _, name := range a.accounts[min(s.scrolled, len(a.accounts)-1):] {
		row := ui.Entry("account_row", name).Described(name).Keyed(name)
		row.Selected = name == a.account
		rows = append(rows, row)
	}
	list := rowsIn(switcherRoom, rows...).Named("account_list").As(ui.ClassList)
	list.Scrollable = true
	add := ui.Row(ui.Entry("account_add", a.say("Add account")).Styled(ui.Quiet)).Padded(margin, 0)
	return a.sheet(title(a.say("Switch account")), list, add.Sized(addRow))
}

// tap switches. Adding accounts is not what this phone is for; touching that
// does nothing.
func (*switcher) tap(a *App, n *ui.Node) {
	if n.Name == "account_row" {
		a.switchTo(n.Key)
	}
}

func (*switcher) back(a *App) { a.show(newProfile(a)) }

func (s *switcher) scroll(a *App, rows int) {
	hidden := max(0, len(a.accounts)-switcherRoom/smallRow)
	s.scrolled = max(0, min(s.scrolled+rows*(rowHeight/smallRow), hidden))
}
