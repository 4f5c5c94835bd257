package guide_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postfleet/internal/claude/budget"
	"postfleet/internal/learned"
	"postfleet/internal/logging"
)

// mark is in every text that somebody hostile has put anywhere.
const mark = "zq7741kx"

// forms are ways to write a text that should not be written.
func forms(text string) []string {
	quoted, _ := json.Marshal(text) // a string has a JSON form, always
	back := []rune(text)
	slices.Reverse(back)
	all := []string{
		text, strings.ToLower(text), strings.Trim(string(quoted), `"`), strings.Trim(strconv.QuoteToASCII(text), `"`),
		url.QueryEscape(text), url.PathEscape(text), hex.EncodeToString([]byte(text)), string(back),
	}
	const group = 3 // bytes that base64 writes as four letters
	for before := range group {
		// The letters at either end are also of what stands beside it.
		bytes := append(make([]byte, before), text...)
		bytes = bytes[:len(bytes)/group*group]
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			const unit = 4
			letters := encoding.EncodeToString(bytes)
			all = append(all, letters[min(before, 1)*unit:])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// silent checks that nothing that is nobody's business was written down.
func (f *fleet) silent(t *testing.T, o outcome, account, caption string) {
	t.Helper()
	written := map[string]string{"the log": logged(t, f.log.String()), "the error": ""}
	if o.err != nil {
		written["the error"] = o.err.Error()
	}
	for _, name := range []string{learned.FileName, budget.FileName} {
		content, err := os.ReadFile(f.path(name))
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		written[name] = string(content)
	}
	asked := ""
	for _, r := range f.model.Requests() {
		asked += string(r.Body)
	}
	for _, secret := range []string{apiKey, account, caption, mark} {
		for _, form := range forms(secret) {
			for where, text := range written {
				if at := strings.Index(text, form); at >= 0 && form != "" {
					t.Errorf("%q is in %s: …%s…", form, where, text[max(0, at-150):min(len(text), at+150)])
				}
			}
			if secret != mark && form != "" && strings.Contains(asked, form) {
				t.Errorf("%q was sent to the model", form)
			}
		}
	}
	if !strings.Contains(written["the log"], `"msg"`) {
		t.Error("nothing was logged")
	}
}

// logged is a log without the attribute that tells whose job it is.
func logged(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(text) {
		var attributes map[string]any
		if err := json.Unmarshal([]byte(line), &attributes); err != nil {
			t.Fatal(err)
		}
		delete(attributes, logging.KeyAccount)
		rest, err := json.Marshal(attributes)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(rest)
		b.WriteByte('\n')
	}
	return b.String()
}

// TestForms: what is looked for is found.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"", "x", "xy", "xyz"} {
		text := before + apiKey + "!"
		for name, written := range map[string]string{
			"plain": text, "base64": base64.StdEncoding.EncodeToString([]byte(text)),
			"base64 of URLs": base64.URLEncoding.EncodeToString([]byte(text)), "URL": url.QueryEscape(text),
			"hex": hex.EncodeToString([]byte(text)), "capitals": strings.ToLower(text),
		} {
			if !slices.ContainsFunc(forms(apiKey), func(form string) bool { return strings.Contains(written, form) }) {
				t.Errorf("%s after %q is not found", name, before)
			}
		}
	}
}
