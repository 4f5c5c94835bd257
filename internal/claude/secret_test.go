package claude_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"log/slog"
	"strings"
	"testing"

	"postfleet/internal/claude"
	"postfleet/internal/claudesim"
	"postfleet/internal/screen"
)

const (
	caption = "Sommer in der Stadt: alles muss raus!\n#sale #sommer heute bis 18 Uhr"
	account = "shop_berlin"
)

func slots() map[string]string { return map[string]string{"caption": caption, "account": account} }

// A job's texts are in no request, however the screen writes them; what only
// looks like them is.
func TestSlotsAreKept(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		label string
		want  string
	}{
		{caption, "‹caption›"},
		{"SOMMER  in der Stadt:\u200b alles muss raus! #sale #sommer heute bis 18 Uhr", "‹caption›"},
		{"Sommer in der Stadt: all… more", "‹caption›"},
		{"shop_berlin Sommer in der Stadt: all…", "‹caption›"},
		{"Sommer in der Stadt: alles muss raus!", "‹caption›"},
		{"#sale #sommer heute bis 18 Uhr", "‹caption›"},
		{"shop_berlin", "‹account›"},
		{"@Shop_Berlin's story, 3 hours ago", "‹account›"},
		{"shop_berlinとしてログイン中", "‹account›"},
		{"ログイン中shop_berlin様", "‹account›"},
		{"shop_berlin님으로 로그인됨", "‹account›"},
		{"shop_berlin2", ""},
		{"Sommer in der Nähe", ""},
		{"Share \\ \"now\"", ""},
	} {
		t.Run(tt.label, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, roomy())
			q := question()
			q.Slots = slots()
			q.Outline = outline([3]string{"button", tt.label, "tab_create"})
			if _, err := w.client.Ask(t.Context(), q); err != nil {
				t.Fatal(err)
			}
			lines := w.sim.Requests()[0].Prompt.Lines
			if len(lines) != 1 || lines[0].Rest != "tab_create" {
				t.Fatalf("got %+v", lines)
			}
			switch got := lines[0].Label; {
			case tt.want == "" && got != tt.label:
				t.Errorf("got %q, want it as it is", got)
			case tt.want != "" && got != tt.want:
				t.Errorf("got %q, want %s", got, tt.want)
			}
		})
	}
}

// A line takes its label from elements within, and may have had to cut it short:
// what counts is what they said.
func TestSlotsOfParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, roomy())
	q := question()
	q.Slots = slots()
	q.Outline = screen.Outline{Lines: []screen.Line{
		{
			Number: 1, Node: &screen.Node{Class: "Button"}, Parts: []*screen.Node{{Text: caption}},
			Text: `1 button "Somm…" card`,
		},
		{
			Number: 2, Node: &screen.Node{Class: "EditText", Text: caption},
			Text: `2 input "Write a caption" caption_input filled`,
		},
		{Number: 3, Node: &screen.Node{Class: "Button"}, Text: `3 button "New" tab_create`},
		{Text: "  … 4 more"},
	}}
	if _, err := w.client.Ask(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	text := w.sim.Requests()[0].Prompt.Text
	for _, want := range []string{
		"\n1 button \"‹caption›\" card\n", "\n2 input \"Write a caption\" caption_input filled\n", "\n  … 4 more\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s\nwant %q in it", text, want)
		}
	}
}

// Neither the key nor a job's texts are in a log, an error or anything that is
// printed; and the key is in a header alone.
func TestNothingIsTold(t *testing.T) {
	t.Parallel()
	for _, reply := range []claudesim.Reply{
		{},
		claudesim.Prose(caption), claudesim.Refusal(), claudesim.NoCredit(),
		claudesim.Call(caption, nil), claudesim.PointOut(map[string]int{account: 1}),
	} {
		o := roomy()
		o.sim.Key = planted
		w := newWorld(t, o)
		w.sim.Next(reply, reply)
		q := question()
		q.Slots = slots()
		q.Tried = []string{"typed " + caption, "tapped " + account}
		q.Goal = "Write the caption " + caption
		q.Outline.Lines = append(q.Outline.Lines, outline([3]string{"text", caption, ""}).Lines...)
		if reply.Stop == "" {
			q.PNG, q.Tree = picture(t, 270, 600), tree()
		}
		answer, err := w.client.Ask(t.Context(), q)
		told := fmt.Sprint(answer, err, w.log.String()) +
			fmt.Sprintf("%v %+v %#v", claude.Key(planted), w.client, claude.Config{Key: planted})
		for _, r := range w.sim.Requests() {
			told += string(r.Body)
		}
		for _, secret := range []string{planted, "Sommer", "sommer", account} {
			if strings.Contains(told, secret) {
				at := strings.Index(told, secret)
				t.Errorf("after %+v: %s is told: …%s…", reply, secret, told[max(0, at-200):min(len(told), at+200)])
			}
		}
		if len(w.sim.Requests()) == 0 {
			t.Error("nothing was asked")
		}
	}
}

// A key within something else is written as little as one by itself.
func TestKeyIsNotWritten(t *testing.T) {
	t.Parallel()
	cfg := claude.Config{Key: planted, Model: "m"}
	var log safeBuffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "cfg", cfg, "key", cfg.Key)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "cfg", cfg, "key", cfg.Key)
	written, err := json.Marshal(cfg)
	if text := log.String() + string(written); err != nil || strings.Contains(text, planted) {
		t.Errorf("got %s, %v", text, err)
	}
}

func tree() *screen.Tree {
	root := &screen.Node{Class: "FrameLayout", Bounds: screen.Rect{Right: 1080, Bottom: 2400}}
	hidden := &screen.Node{
		Class: "EditText", Text: caption, Parent: root,
		Bounds: screen.Rect{Left: 100, Top: 400, Right: 980, Bottom: 800},
	}
	return &screen.Tree{Nodes: []*screen.Node{root, hidden}, Bounds: root.Bounds}
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	white := image.NewGray(image.Rect(0, 0, width, height))
	for i := range white.Pix {
		white.Pix[i] = 0xff
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, white); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG is a small file that says it is a picture of 30,000 pixels a side.
func hugePNG(t *testing.T) []byte {
	t.Helper()
	const header, side = 16, 30_000 // signature, and the length and name of the first chunk
	file := picture(t, 8, 8)
	binary.BigEndian.PutUint32(file[header:], side)
	binary.BigEndian.PutUint32(file[header+4:], side)
	const end = header + 13
	binary.BigEndian.PutUint32(file[end:], crc32.ChecksumIEEE(file[header-4:end]))
	return file
}

// The picture is scaled down, comes before the text, and shows nothing of a
// job's texts.
func TestPicture(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{600, 1320}, {800, 360}} {
		w := newWorld(t, roomy())
		q := question()
		q.Slots = slots()
		q.PNG, q.Tree = picture(t, size.X, size.Y), tree()
		q.Tree.Bounds = screen.Rect{Right: size.X, Bottom: size.Y}
		q.Tree.Nodes[1].Bounds = screen.Rect{
			Left: size.X / 10, Top: size.Y / 6, Right: size.X * 9 / 10, Bottom: size.Y / 3,
		}
		answer, err := w.client.Ask(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		content := body(t, w.sim.Requests()[0]).Messages[0].Content
		if len(content) != 2 || content[0].Type != "image" || content[1].Type != "text" {
			t.Fatalf("got %d blocks, the first %s", len(content), content[0].Type)
		}
		shown, err := jpeg.Decode(bytes.NewReader(content[0].Source.Data))
		if err != nil || content[0].Source.MediaType != "image/jpeg" {
			t.Fatal(err)
		}
		got := shown.Bounds().Size()
		if got.X > 540 || got.Y > 1200 || got.X < 200 && size.X > 200 {
			t.Errorf("%v: got %v", size, got)
		}
		if grey := luma(shown, got.X/2, got.Y/4); grey < 0x70 || grey > 0x90 {
			t.Errorf("%v: the caption is not covered: %#x", size, grey)
		}
		if white := luma(shown, got.X/2, got.Y/2); white < 0xf0 {
			t.Errorf("%v: more than the caption is covered: %#x", size, white)
		}
		if answer.Usage.Tokens.Sum() < 1500 && size.X == 600 {
			t.Errorf("the picture is not counted: %+v", answer.Usage)
		}
	}
}

func luma(of image.Image, x, y int) uint8 {
	return color.GrayModel.Convert(of.At(x, y)).(color.Gray).Y
}
