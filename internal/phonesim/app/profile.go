package app

import (
	"log/slog"
	"strconv"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim/ui"
)

const (
	profilePosts      = 9
	profilePostHeight = 186
)

// profile shows the account and its newest posts, as they were when the page
// was opened or last pulled down.
type profile struct {
	quiet
	posts []Post
	err   error
}

func newProfile(a *App) *profile {
	p := &profile{}
	p.load(a)
	return p
}

func (p *profile) load(a *App) {
	p.posts, p.err = a.cfg.Store.Posts(a.account)
	if p.err != nil {
		a.logger.Error("posts could not be read", slog.String(logging.KeyAccount, a.account), logging.Err(p.err))
	}
}

func (*profile) name() string { return "profile" }

func (p *profile) build(a *App) *ui.Node {
	switcher := ui.Entry("profile_switcher", a.account).Styled(ui.Title)
	if p.err != nil {
		return sheet(switcher,
			ui.Label("profile_error", "Couldn't load posts").Styled(ui.Centered), tabs("tab_profile"))
	}
	count := ui.Row(
		ui.Label("profile_post_count", strconv.Itoa(len(p.posts))).Sized(170),
		ui.Label("profile_post_label", "posts").Styled(ui.Quiet),
	).Sized(120)
	list := ui.Column().Named("profile_posts").As(ui.ClassList)
	list.Scrollable = true
	for _, post := range p.posts[:min(profilePosts, len(p.posts))] {
		list.Children = append(list.Children, postRow(post))
	}
	list.Children = append(list.Children, ui.Space())
	return sheet(switcher, count, list, tabs("tab_profile"))
}

func postRow(p Post) *ui.Node {
	row := ui.Row(
		ui.Picture("profile_post_cover", "").Keyed(p.VideoSHA256).Sized(150),
		ui.Label("profile_post_caption", p.Caption),
	).Named("profile_post").Described("Reel by "+p.Account).Padded(12, 12).Sized(profilePostHeight)
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
	return sheet(title("Switch account"), rowsOf(rows...))
}

func (*switcher) tap(a *App, n *ui.Node) { a.switchTo(n.Key) }
func (*switcher) back(a *App)            { a.show(newProfile(a)) }

func (s *switcher) scroll(a *App, rows int) {
	hidden := max(0, len(a.accounts)-rowsRoom/smallRow)
	s.scrolled = max(0, min(s.scrolled+rows*(rowHeight/smallRow), hidden))
}
