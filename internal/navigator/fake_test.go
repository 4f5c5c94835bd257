package navigator_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
)

const appID = "com.example.app"

// view is one row of a fake screen.
type view struct {
	id, text, desc, class, pkg string
	selected, disabled         bool
}

// phone is a scripted app: named screens, and what a tap on a view does. Rows
// are 100 pixels high, the first at the top.
type phone struct {
	t       *testing.T
	screen  string
	screens map[string][]view
	// taps maps "screen/id" to what follows; a tap on anything else does nothing.
	taps map[string]func()
	// focus is the id of the field that was touched last.
	focus string
	// log is every action, in order.
	log []string
	// dumps counts the calls of Source.
	dumps int
	// sourceFunc, when set, may answer in Source's place.
	sourceFunc func(ctx context.Context) (string, error)
	tapErr     error
}

func (p *phone) to(screen string) func() { return func() { p.screen = screen } }

func (p *phone) Source(ctx context.Context) (string, error) {
	p.dumps++
	if p.sourceFunc != nil {
		return p.sourceFunc(ctx)
	}
	return p.render(), nil
}

func (p *phone) render() string {
	var b strings.Builder
	b.WriteString("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<hierarchy rotation=\"0\">")
	fmt.Fprintf(&b, `<android.widget.FrameLayout package=%q bounds="[0,0][1000,%d]">`,
		appID, 100*len(p.screens[p.screen]))
	for i, v := range p.screens[p.screen] {
		if v.class == "" {
			v.class = "android.widget.TextView"
		}
		if v.pkg == "" {
			v.pkg = appID
		}
		id := v.id
		if id != "" {
			id = v.pkg + ":id/" + id
		}
		fmt.Fprintf(&b, `<%s package=%s class=%s text=%s content-desc=%s resource-id=%s enabled="%t" selected="%t" `+
			`displayed="true" clickable="true" bounds="[0,%d][1000,%d]"/>`,
			v.class, quote(v.pkg), quote(v.class), quote(v.text), quote(v.desc), quote(id),
			!v.disabled, v.selected, i*100, (i+1)*100)
	}
	b.WriteString("</android.widget.FrameLayout></hierarchy>")
	return b.String()
}

func quote(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a bytes.Buffer takes everything
	return `"` + b.String() + `"`
}

func (p *phone) Tap(_ context.Context, x, y int) error {
	if p.tapErr != nil {
		return p.tapErr
	}
	rows := p.screens[p.screen]
	if x != 500 || y%100 != 50 || y/100 >= len(rows) {
		p.t.Errorf("tap at %d,%d is not the middle of a row", x, y)
		return nil
	}
	v := rows[y/100]
	p.focus = v.id
	p.log = append(p.log, "tap "+p.screen+"/"+v.id)
	if do := p.taps[p.screen+"/"+v.id]; do != nil {
		do()
	}
	return nil
}

func (p *phone) Swipe(_ context.Context, _, y1, _, y2 int, _ time.Duration) error {
	p.log = append(p.log, fmt.Sprintf("swipe %d %d", y1, y2))
	if do := p.taps[p.screen+"/swipe"]; do != nil {
		do()
	}
	return nil
}

func (p *phone) Type(_ context.Context, text string) error {
	p.log = append(p.log, "type "+text)
	for i := range p.screens[p.screen] {
		if v := &p.screens[p.screen][i]; v.id == p.focus {
			v.text = text
		}
	}
	return nil
}

func (p *phone) Back(context.Context) error {
	p.log = append(p.log, "back")
	if do := p.taps[p.screen+"/back"]; do != nil {
		do()
	}
	return nil
}

// load returns ../recipe/testdata/good/minimal.yaml with other steps in the flow post
// before the share, and more guards.
func load(t *testing.T, guards, steps string) *recipe.Recipe {
	t.Helper()
	source, err := os.ReadFile("../recipe/testdata/good/minimal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(source), "    max: 2\n", "    max: 2\n"+guards, 1)
	head, _, ok := strings.Cut(text, "    - id: open\n")
	if !ok {
		t.Fatal("minimal.yaml has no step open")
	}
	_, share, _ := strings.Cut(text, "    - id: share\n")
	path := filepath.Join(t.TempDir(), "recipe.yaml")
	if err := os.WriteFile(path, []byte(head+steps+"    - id: share\n"+share), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const openStep = `    - {id: open, goal: Open., do: tap, target: [{id: create}], expect: {id: share}}
`

func newPhone(t *testing.T) *phone {
	t.Helper()
	p := &phone{t: t, screen: "home"}
	p.screens = map[string][]view{
		"home":     {{id: "title"}, {id: "create", text: "Create"}},
		"composer": {{id: "field"}, {id: "share", text: "Share"}},
		"done":     {{id: "done", text: "Shared"}},
		"nag":      {{id: "nag"}, {id: "close", text: "Not now"}},
		"blocked":  {{id: "blocked"}},
	}
	p.taps = map[string]func(){
		"home/create":    p.to("composer"),
		"composer/share": p.to("done"),
		"nag/close":      p.to("home"),
	}
	return p
}

func slots(caption string) map[string]string {
	return map[string]string{recipe.SlotAccount: "shop_a", recipe.SlotCaption: caption}
}

// says reports whether err has want in it, or is nil when want is empty.
func says(err error, want string) bool {
	if err == nil || want == "" {
		return err == nil && want == ""
	}
	return strings.Contains(err.Error(), want)
}

// loadText loads a recipe that is written in a test.
func loadText(t *testing.T, source string) *recipe.Recipe {
	t.Helper()
	path := filepath.Join(t.TempDir(), "recipe.yaml")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// modelFunc is a model that answers at once.
type modelFunc func(q navigator.Question) (navigator.Answer, error)

func (modelFunc) Model() string { return "fake" }

func (f modelFunc) Ask(_ context.Context, q navigator.Question) (navigator.Answer, error) {
	return f(q)
}
