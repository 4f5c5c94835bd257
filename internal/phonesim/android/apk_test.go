package android_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// xmlWriter makes binary XML: a string pool in either encoding, then start tags.
type xmlWriter struct {
	pool   []string
	chunks []byte
}

func (w *xmlWriter) text(s string) uint32 {
	w.pool = append(w.pool, s)
	return uint32(len(w.pool) - 1)
}

func le32(b []byte, values ...uint32) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func le16(b []byte, values ...uint16) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return b
}

// tag adds a start tag; values are strings or ints.
func (w *xmlWriter) tag(name string, attributes ...any) {
	const none, attributeBytes = 0xffffffff, 20
	var body []byte
	for i := 0; i < len(attributes); i += 2 {
		body = le32(body, none, w.text(attributes[i].(string)))
		switch v := attributes[i+1].(type) {
		case string:
			n := w.text(v)
			body = append(le16(le32(body, n), 8), 0, 0x03)
			body = le32(body, n)
		case int:
			body = append(le16(le32(body, none), 8), 0, 0x10)
			body = le32(body, uint32(v))
		}
	}
	count := uint16(len(attributes) / 2)
	c := le32(le16(nil, 0x0102, 16), uint32(36+len(body)), 1, none, none, w.text(name))
	c = le16(c, attributeBytes, attributeBytes, count, 0, 0, 0)
	w.chunks = append(append(w.chunks, c...), body...)
}

func (w *xmlWriter) bytes(utf8 bool) []byte {
	var offsets, data []byte
	flags := uint32(0)
	for _, s := range w.pool {
		offsets = le32(offsets, uint32(len(data)))
		units := utf16.Encode([]rune(s))
		if utf8 {
			flags = 1 << 8
			data = append(data, byte(len(units)), byte(len(s)))
			data = append(append(data, s...), 0)
			continue
		}
		data = le16(data, uint16(len(units)))
		data = le16(le16(data, units...), 0)
	}
	for len(data)%4 != 0 {
		data = append(data, 0)
	}
	start := uint32(28 + len(offsets))
	pool := le32(le16(nil, 1, 28), start+uint32(len(data)), uint32(len(w.pool)), 0, flags, start, 0)
	pool = append(append(pool, offsets...), data...)
	doc := le32(le16(nil, 3, 8), uint32(8+len(pool)+len(w.chunks)))
	return append(append(doc, pool...), w.chunks...)
}

func apk(t *testing.T, manifest []byte) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("AndroidManifest.xml")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write(manifest)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func manifest(utf8 bool) []byte {
	w := &xmlWriter{}
	w.tag("manifest", "versionCode", 42, "versionName", "4.2-ünï", "package", "com.example.fixture")
	w.tag("application")
	w.tag("activity", "name", ".Other")
	w.tag("activity", "name", ".Main")
	w.tag("intent-filter")
	w.tag("category", "name", "android.intent.category.LAUNCHER")
	w.tag("instrumentation", "name", "com.example.Runner", "targetPackage", "com.example.target")
	return w.bytes(utf8)
}

func TestInstall(t *testing.T) {
	t.Parallel()
	for _, utf8 := range []bool{true, false} {
		t.Run(fmt.Sprintf("utf8=%t", utf8), func(t *testing.T) {
			t.Parallel()
			d := newDevice(t)
			file := apk(t, manifest(utf8))
			install := fmt.Sprintf("cmd package 'install' '-r' '-S' '%d'", len(file))
			if got := d.run(t.Context(), install, file+"more"); got.Out != "Success\n" {
				t.Fatalf("got %+v", got)
			}
			got := d.run(t.Context(), "cmd package list packages --show-versioncode fixture; "+
				"cmd package resolve-activity --brief com.example.fixture | grep Main; "+
				"pm list instrumentation fixture; dumpsys package com.example.fixture | grep versionName", "")
			want := "package:com.example.fixture versionCode:42\n" +
				"com.example.fixture/com.example.fixture.Main\n" +
				"instrumentation:com.example.fixture/com.example.Runner (target=com.example.target)\n" +
				"    versionName=4.2-ünï\n"
			if got.Out != want {
				t.Errorf("got %q, want %q", got.Out, want)
			}
			got = d.run(t.Context(), "pm path com.example.fixture; pm uninstall com.example.fixture; "+
				"pm path com.example.fixture", "")
			if want := "package:/data/app/com.example.fixture-1/base.apk\nSuccess\n"; got.Out != want {
				t.Errorf("got %q, want %q", got.Out, want)
			}
		})
	}
}

func TestInstallFromFile(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.put(t, "/data/local/tmp/a.apk", apk(t, manifest(true)))
	got := d.run(t.Context(), "pm install -r -t /data/local/tmp/a.apk && pm path com.example.fixture", "")
	if got.Code != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestInstallRefusesWhatIsNoPackage(t *testing.T) {
	t.Parallel()
	whole := manifest(true)
	nameless := &xmlWriter{}
	nameless.tag("manifest", "versionCode", 1)
	files := map[string]string{
		"empty": "", "not a zip": "hello", "no manifest element": apk(t, []byte("\x03\x00\x08\x00\x08\x00\x00\x00")),
		"nameless": apk(t, nameless.bytes(true)), "text manifest": apk(t, []byte("<manifest package='x'/>")),
	}
	for n := 0; n < len(whole); n += 7 {
		files[fmt.Sprintf("manifest cut at %d", n)] = apk(t, whole[:n])
	}
	d := newDevice(t)
	before := d.run(t.Context(), "pm list packages", "")
	for name, file := range files {
		got := d.run(t.Context(), fmt.Sprintf("cmd package install -S %d", len(file)), file)
		complete := strings.HasPrefix(name, "manifest cut") && got.Out == "Success\n"
		if !complete && (got.Code == 0 || !strings.HasPrefix(got.Out, "Failure [")) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if got := d.run(t.Context(), "cmd package install -S 100", "short"); got.Code == 0 {
		t.Errorf("short: got %+v", got)
	}
	d.run(t.Context(), "pm uninstall com.example.fixture", "")
	if after := d.run(t.Context(), "pm list packages", ""); after.Out != before.Out {
		t.Errorf("got packages\n%s\nwant\n%s", after.Out, before.Out)
	}
}
