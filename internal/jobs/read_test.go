package jobs_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
)

// write makes a jobs file beside an empty media folder.
func write(t *testing.T, text string) (path, media string) {
	t.Helper()
	dir := t.TempDir()
	path, media = filepath.Join(dir, "jobs.csv"), filepath.Join(dir, "media")
	if err := os.Mkdir(media, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, media
}

func TestRead(t *testing.T) {
	t.Parallel()
	path, media := write(t, "\ufeffcaption, video_path ,account_name,music,\r\n"+
		"\"two\r\nlines, \"\"quoted\"\" 🎬\", a.mp4 , shop_a ,jazz,\r\n"+
		"\r\n"+
		" , ,,,\r\n"+
		"  kept as is  ,sub/b.mp4,shop_b,,,,\r\n")
	got, err := jobs.Read(path, media)
	if err != nil {
		t.Fatal(err)
	}
	want := []jobs.PostJob{
		{
			ID: 1, Account: "shop_a", Video: "a.mp4",
			Caption: "two\r\nlines, \"quoted\" 🎬", Extra: map[string]string{"music": "jazz"},
		},
		{
			ID: 2, Account: "shop_b", Video: "sub/b.mp4",
			Caption: "  kept as is  ",
		},
	}
	if diff := cmp.Diff(want, got.Jobs); diff != "" || got.EmptyRows != 2 {
		t.Errorf("%d empty rows, want 2; jobs (-want +got):\n%s", got.EmptyRows, diff)
	}
}

func TestReadAcceptsAbsolutePathInMedia(t *testing.T) {
	t.Parallel()
	path, media := write(t, "")
	text := "account_name,video_path,caption\na," + filepath.Join(media, "x", "v.mp4") + ",c\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := jobs.Read(path, media)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join("x", "v.mp4"); got.Jobs[0].Video != want {
		t.Errorf("got video %q, want %q", got.Jobs[0].Video, want)
	}
}

func TestReadProblems(t *testing.T) {
	t.Parallel()
	const header = "account_name,video_path,caption\n"
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{"the file is empty", "account_name,video_path,caption"}},
		{"only a byte order mark", "\ufeff\n", []string{"the file is empty"}},
		{
			"missing column", "account_name,video\na,b\n",
			[]string{"column video_path is missing", "column caption is missing"},
		},
		{"upper case", "Account_Name,video_path,caption\n", []string{`there is "Account_Name"`}},
		{"semicolons", "account_name;video_path;caption\na;b;c\n", []string{"separated by semicolons"}},
		{"column twice", "account_name,video_path,caption,caption\n", []string{"column caption is there twice"}},
		{"utf-16", "\xff\xfea\x00c\x00", []string{"UTF-16"}},
		{"spreadsheet", "PK\x03\x04...", []string{"spreadsheet"}},
		{"latin-1", header + "a,b.mp4,caf\xe9\n", []string{"row 2 (line 2), column caption: is not UTF-8"}},
		{"nul", header + "a,b.mp4,x\x00y\n", []string{"row 2 (line 2), column caption: holds a NUL"}},
		{"no account", header + " ,b.mp4,c\n", []string{"row 2 (line 2), column account_name: is empty"}},
		{
			"line break in account", header + "\"a\nb\",b.mp4,c\n",
			[]string{"row 2 (line 2), column account_name: holds a line break"},
		},
		{
			"neither yes nor no", "account_name,video_path,caption,allow_repeat\na,v.mp4,c,maybe\na,v.mp4,c,yes\n",
			[]string{`row 2 (line 2), column allow_repeat: "maybe" is neither yes nor no: write one of them`},
		},
		{
			"repeat in upper case", "account_name,video_path,caption,Allow_Repeat\na,v.mp4,c,yes\n",
			[]string{"column Allow_Repeat: write it in lower case, allow_repeat"},
		},
		{
			"cell without a name", "account_name,video_path,caption,\na,b,c,d\n",
			[]string{"row 2 (line 2), column number 4"},
		},
		{"parent folder", header + "a,../v.mp4,c\n", []string{"row 2 (line 2), column video_path", "leaves the media"}},
		{"absolute", header + "a,/etc/passwd,c\n", []string{"row 2 (line 2), column video_path", "leaves the media"}},
		{
			"every bad row at once", header + "a,v.mp4,\"x\ny\"\na,v.mp4\na,,c\na,v.mp4,c,d\na,v.mp4,b\"c\n",
			[]string{
				"row 3 (line 4): 2 fields where the header has 3", "row 4 (line 5), column video_path: is empty",
				"row 5 (line 6): 4 fields", "row 6 (line 7), column 3: a quote inside",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, media := write(t, tt.text)
			got, err := jobs.Read(path, media)
			if err == nil {
				t.Fatalf("got %+v, want an error", got)
			}
			if !fault.Is(err, fault.Input) {
				t.Errorf("got class %v, want %v", fault.Of(err), fault.Input)
			}
			for _, want := range append(tt.want, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestReadAllowRepeat(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]bool{
		"yes": true, "Yes": true, "TRUE": true, "1": true, " yes ": true,
		"": false, "no": false, "No": false, "false": false, "FALSE": false, "0": false, " ": false,
	} {
		path, media := write(t, "account_name,allow_repeat,video_path,caption,x\na,"+cell+",v.mp4,c,y\n")
		got, err := jobs.Read(path, media)
		if err != nil {
			t.Errorf("%q: %v", cell, err)
			continue
		}
		job := jobs.PostJob{
			ID: 1, Account: "a", Video: "v.mp4", Caption: "c", AllowRepeat: want, Extra: map[string]string{"x": "y"},
		}
		if diff := cmp.Diff([]jobs.PostJob{job}, got.Jobs); diff != "" {
			t.Errorf("%q (-want +got):\n%s", cell, diff)
		}
	}
}

// TestReadRefusesLinksOutOfMedia: a link is as good a way out as "..".
func TestReadRefusesLinksOutOfMedia(t *testing.T) {
	t.Parallel()
	path, media := write(t, "account_name,video_path,caption\na,link/jobs.csv,c\na,fine.mp4,c\na,file,c\n")
	for name, target := range map[string]string{"link": "..", "file": "../jobs.csv"} {
		if err := os.Symlink(target, filepath.Join(media, name)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := jobs.Read(path, media)
	if !fault.Is(err, fault.Input) {
		t.Fatalf("got %v, want class %v", err, fault.Input)
	}
	for row, want := range map[string]bool{"row 2": true, "row 3": false, "row 4": true} {
		if got := strings.Contains(err.Error(), row); got != want {
			t.Errorf("%s in the error: got %t, want %t: %v", row, got, want, err)
		}
	}
}

func TestReadJob(t *testing.T) {
	t.Parallel()
	path, media := write(t, "account_name,video_path,caption,allow_repeat,x\n"+
		"a,v.mp4,\"two\nlines\",,\n\n ,,,,\nb,x/../w.mp4,c,yes,y\nc,v.mp4,d,,z\n")
	all, err := jobs.Read(path, media)
	if err != nil || len(all.Jobs) != 3 {
		t.Fatalf("got %v, %v, want 3 jobs", all.Jobs, err)
	}
	for _, want := range all.Jobs {
		got, ok, err := jobs.ReadJob(path, media, want.ID)
		if err != nil || !ok || !cmp.Equal(want, got) {
			t.Errorf("job %d: got %+v, %t, %v, want %+v", want.ID, got, ok, err, want)
		}
	}
	if _, ok, err := jobs.ReadJob(path, media, 4); ok || err != nil {
		t.Errorf("job 4: got %t, %v, want none", ok, err)
	}
}

// TestReadJobBeforeBadRow: what is behind a job, or in other rows before it,
// does not matter to it; what leaves its number in doubt does.
func TestReadJobBeforeBadRow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"bad row behind", "a,v.mp4,c\nb,w.mp4,d\nno \"row\n", true},
		{"bad field before", "a,../v.mp4,c\nb,w.mp4,d\n", true},
		{"bad row before", "no \"row\nb,w.mp4,d\nb,w.mp4,d\n", false},
		{"bad itself", "a,v.mp4,c\nb,../w.mp4,d\n", false},
	} {
		path, media := write(t, "account_name,video_path,caption\n"+tt.text)
		_, ok, err := jobs.ReadJob(path, media, 2)
		if ok != tt.want || (err == nil) != tt.want || err != nil && !fault.Is(err, fault.Input) {
			t.Errorf("%s: got %t, %v, want %t", tt.name, ok, err, tt.want)
		}
	}
	path, media := write(t, "account_name,caption\na,c\n")
	if _, ok, err := jobs.ReadJob(path, media, 1); ok || !fault.Is(err, fault.Input) {
		t.Errorf("no video column: got %t, %v", ok, err)
	}
}

func TestReadMissingFile(t *testing.T) {
	t.Parallel()
	_, err := jobs.Read(filepath.Join(t.TempDir(), "none.csv"), ".")
	if !errors.Is(err, os.ErrNotExist) || !fault.Is(err, fault.Input) {
		t.Errorf("got %v, class %v", err, fault.Of(err))
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("account_name,video_path,caption,x\na,b,c,d\n"))
	f.Add([]byte("account_name;video_path\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "jobs.csv")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := jobs.Read(path, t.TempDir())
		if err != nil && !fault.Is(err, fault.Input) {
			t.Fatalf("%v has class %v", err, fault.Of(err))
		}
		for i, j := range in.Jobs {
			if j.ID != i+1 || j.Account == "" || j.Video == "" || !filepath.IsLocal(j.Video) {
				t.Fatalf("job %+v at %d", j, i)
			}
		}
	})
}
