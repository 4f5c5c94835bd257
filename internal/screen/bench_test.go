package screen_test

import (
	"strings"
	"testing"

	"postfleet/internal/screen"
	"postfleet/internal/screen/screentest"
)

// crowded is a dump of about n elements.
func crowded(n int) string {
	const item = `<android.view.ViewGroup package="com.example.social" class="android.view.ViewGroup" text=""` +
		` resource-id="com.example.social:id/row_NUMBER" checkable="false" checked="false" clickable="true"` +
		` enabled="true" focusable="true" focused="false" long-clickable="false" password="false"` +
		` scrollable="false" selected="false" bounds="[0,TOP][1080,BOTTOM]" displayed="true">` +
		`<android.widget.TextView package="com.example.social" class="android.widget.TextView" text="Row of NUMBER"` +
		` checkable="false" checked="false" clickable="false" enabled="true" focusable="false" focused="false"` +
		` password="false" scrollable="false" selected="false" bounds="[0,TOP][1080,BOTTOM]" displayed="true"/>` +
		`</android.view.ViewGroup>`
	var b strings.Builder
	b.WriteString(`<hierarchy width="1080" height="2208"><android.widget.FrameLayout package="com.example.social"` +
		` class="android.widget.FrameLayout" bounds="[0,0][1080,2208]">`)
	for i := range n / 2 {
		b.WriteString(strings.NewReplacer("NUMBER", name(i), "TOP", itoa(i*10), "BOTTOM", itoa(i*10+10)).Replace(item))
	}
	b.WriteString(`</android.widget.FrameLayout></hierarchy>`)
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	source := crowded(200)
	for b.Loop() {
		if _, err := screen.Parse(source); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrint(b *testing.B) {
	tree, err := screen.Parse(crowded(200))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, ok := tree.Print(screentest.App); !ok {
			b.Fatal("not ok")
		}
	}
}

func BenchmarkOutline(b *testing.B) {
	tree, err := screen.Parse(crowded(200))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if o := tree.Outline(screentest.App); len(o.Lines) == 0 {
			b.Fatal("no line")
		}
	}
}
