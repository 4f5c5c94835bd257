package adb

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// hostile are texts that a spreadsheet may hold and a shell would like to do
// something with.
func hostile() map[string]string {
	return map[string]string{
		"empty":        "",
		"command":      "; touch pwned; rm -rf .",
		"substitution": "$(touch pwned)${HOME}`touch pwned`",
		"arithmetic":   "$((1+1)) $'\\x41'",
		"quotes":       `'; touch pwned; ' "; touch pwned; "`,
		"only quotes":  `'''"""'`,
		"escapes":      `\'; touch pwned; \\`,
		"newlines":     "a\ntouch pwned\r\nb\n",
		"redirections": "> pwned < /etc/passwd | tee pwned & touch pwned && touch pwned",
		"globs":        "* ? [a-z] {a,b} ~ !!",
		"option":       "-rf",
		"long option":  "--help",
		"comment":      "# a",
		"assignment":   "PATH=/x",
		"unicode":      "café 🎬 \u202eevil\u2028’“$’",
		"spaces":       "  a\t b  ",
		"controls":     "\x01\x1b[2J\x7f",
		"not UTF-8":    "\xfa' \xff",
		"4 KB":         strings.Repeat("'$(touch pwned)\n", 4096/16),
	}
}

// TestRealShellKeepsHostileWords has /bin/sh read what is quoted: it gets every
// byte, and nothing is executed.
func TestRealShellKeepsHostileWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range hostile() {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "printf '%s|' "+quote(text)+" end")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if got, want := string(out), text+"|end|"; got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("something was executed: %v", left)
	}
}

// TestHostileWordsReachThePhone runs an adb that does with its last argument
// what a phone does: give it to a shell.
func TestHostileWordsReachThePhone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "adb")
	// -H 127.0.0.1 -P 1 -s phone shell LINE
	script := "#!/bin/sh\ncd '" + dir + "' || exit 1\n[ $# = 8 ] || exit 98\nexec sh -c \"$8\"\n"
	if err := install(program, script); err != nil {
		t.Fatal(err)
	}
	c := NewClient(ClientConfig{Program: program, Port: 1})
	for name, text := range hostile() {
		got, err := c.Shell(t.Context(), "phone", "printf", "%s|", text, "end")
		if want := text + "|end|"; got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("got %v, %v, want nothing but the program", left, err)
	}
}

// install writes the program by way of another process: one that this process
// has open for writing while it forks cannot be run.
func install(program, script string) error {
	cmd := exec.Command("sh", "-c", `cat >"$1" && chmod 700 "$1"`, "sh", program)
	cmd.Stdin = strings.NewReader(script)
	return cmd.Run()
}

// A NUL ends every word of every program, so it is refused, not cut off.
func TestNULReachesNobody(t *testing.T) {
	t.Parallel()
	c := NewClient(ClientConfig{Program: "true", Port: 1})
	if _, err := c.Shell(t.Context(), "phone", "echo", "a\x00b"); err == nil {
		t.Error("got no error for a NUL, want one")
	}
}

// FuzzQuote has the parser that a simulated phone uses, in the phone's dialect,
// read what is quoted: one command, two words, the second as it was.
func FuzzQuote(f *testing.F) {
	for _, text := range hostile() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
			t.Skip("no program can be given a NUL, and the parser reads UTF-8 only")
		}
		words, err := wordsOf("printf " + quote(text))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		// The parser takes a Windows line break for a line break, everywhere.
		want := strings.ReplaceAll(text, "\r\n", "\n")
		if len(words) != 2 || words[1] != want {
			t.Errorf("got words %q, want the second to be %q", words, want)
		}
	})
}

func wordsOf(line string) ([]string, error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangMirBSDKorn)).Parse(strings.NewReader(line), "")
	if err != nil {
		return nil, err
	}
	if len(file.Stmts) != 1 || file.Stmts[0].Redirs != nil || file.Stmts[0].Background {
		return nil, errors.New("not one plain command")
	}
	call, ok := file.Stmts[0].Cmd.(*syntax.CallExpr)
	if !ok || len(call.Assigns) > 0 {
		return nil, errors.New("not a plain command")
	}
	ran := errors.New("a command would be executed")
	cfg := &expand.Config{
		Env:      expand.FuncEnviron(func(string) string { return "VARIABLE" }),
		CmdSubst: func(io.Writer, *syntax.CmdSubst) error { return ran },
	}
	return expand.Fields(cfg, call.Args...)
}
