package jobs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
)

const (
	threeColumns = "account_name,video_path,caption\n"
	rowA         = "a,1.mp4,one\n"
	rowB         = "b,2.mp4,two\n"
)

func TestAddition(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, have, more, want string }{
		{"plain", threeColumns + rowA, threeColumns + rowB, threeColumns + rowA + rowB},
		{"no last line end", threeColumns + "a,1.mp4,one", threeColumns + "b,2.mp4,two", threeColumns + rowA + rowB},
		{"a header only", strings.TrimSuffix(threeColumns, "\n"), threeColumns + rowB, threeColumns + rowB},
		{
			"byte order mark and CRLF stay", "\ufeff\"account_name\",video_path,caption\r\na,1.mp4,one",
			threeColumns + rowB, "\ufeff\"account_name\",video_path,caption\r\na,1.mp4,one\r\nb,2.mp4,two\r\n",
		},
		{
			"its byte order mark and CRLF do not come along", threeColumns,
			"\ufeffaccount_name,video_path,caption\r\nb,2.mp4,two\r\n", threeColumns + "b,2.mp4,two\n",
		},
		{
			"a caption byte for byte", "account_name,video_path,caption\r\n",
			threeColumns + "b,2.mp4,\" two\r\nlines\nand \"\"quotes\"\", 🎬 \"\n",
			"account_name,video_path,caption\r\nb,2.mp4,\" two\r\nlines\nand \"\"quotes\"\", 🎬 \"\r\n",
		},
		{
			"columns by name", "music,caption,account_name,video_path,\njazz,one,a,1.mp4,\n",
			"video_path,account_name,caption,,\n2.mp4,b,two,,,\n",
			"music,caption,account_name,video_path,\njazz,one,a,1.mp4,\n,two,b,2.mp4,\n",
		},
		{
			"further column", "account_name,video_path,caption,music\n",
			"music,account_name,video_path,caption\njazz,b,2.mp4,two\n",
			"account_name,video_path,caption,music\nb,2.mp4,two,jazz\n",
		},
		{"empty rows are left out", threeColumns, threeColumns + ",,\n\n" + rowB + " , ,\n", threeColumns + rowB},
		{"rows as they were typed", threeColumns, threeColumns + " b ,./2.mp4,\n", threeColumns + " b ,./2.mp4,\n"},
		{"nothing to add", threeColumns + "a,1.mp4,one\n", threeColumns, threeColumns + "a,1.mp4,one\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, media := write(t, tt.have)
			before, err := jobs.Read(path, media)
			if err != nil {
				t.Fatal(err)
			}
			a, err := jobs.PlanAddition(path, media, "more.csv", []byte(tt.more))
			if err != nil {
				t.Fatal(err)
			}
			if got := readFile(t, path); got != tt.have {
				t.Fatalf("got %q before Write, want nothing changed", got)
			}
			if err := a.Write(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, readFile(t, path)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
			after, err := jobs.Read(path, media)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append(before.Jobs, a.Added...), after.Jobs); diff != "" {
				t.Errorf("jobs (-want +got):\n%s", diff)
			}
			if len(a.Repeats) > 0 {
				t.Errorf("got repeats %v, want none", a.Repeats)
			}
			onlyFile(t, path)
		})
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// onlyFile fails when a temporary file was left beside path.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() && e.Name() != filepath.Base(path) {
			t.Errorf("got %s left behind", e.Name())
		}
	}
}

func TestAdditionMakesTheFile(t *testing.T) {
	t.Parallel()
	path, media := write(t, "")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	more := "\ufeffcaption,account_name,,video_path\r\none,a,,1.mp4\r\n"
	a, err := jobs.PlanAddition(path, media, "more.csv", []byte(more))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Write(); err != nil {
		t.Fatal(err)
	}
	if got, want := readFile(t, path), "caption,account_name,video_path\none,a,1.mp4\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o644 {
		t.Errorf("got mode %v, want 0644", got)
	}
}

func TestAdditionProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, have, more string
		want             []string
	}{
		{"empty", threeColumns, "", []string{"more.csv: the file is empty"}},
		{"a further column", threeColumns, "account_name,video_path,caption,music,mood\na,1,one,jazz,blue\n", []string{
			"more.csv: column music: ", "jobs.csv has no such column", "more.csv: column mood: ", "remove it here",
		}},
		{"rows", threeColumns, threeColumns + "a,1.mp4\n,1.mp4,x\na,../x,\"two\nlines\"\na,\"1\"2,x\n", []string{
			"more.csv: row 2 (line 2): 2 fields", "more.csv: row 3 (line 3), column account_name: is empty",
			"more.csv: row 4 (line 4), column video_path", "more.csv: row 5 (line 6), column 2",
		}},
		{"the jobs file too", threeColumns + "a\n", threeColumns + "b\n", []string{
			"jobs.csv: row 2 (line 2): 1 fields", "more.csv: row 2 (line 2): 1 fields",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, media := write(t, tt.have)
			_, err := jobs.PlanAddition(path, media, "more.csv", []byte(tt.more))
			if !fault.Is(err, fault.Input) {
				t.Fatalf("got %v, want an error of class input", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got\n%v\nwant it to hold %q", err, want)
				}
			}
			if got := readFile(t, path); got != tt.have {
				t.Errorf("got %q, want nothing changed", got)
			}
		})
	}
}

func TestAdditionRepeats(t *testing.T) {
	t.Parallel()
	path, media := write(t, threeColumns+"a,1.mp4,one\n")
	a, err := jobs.PlanAddition(path, media, "more.csv", []byte(threeColumns+
		"a,./1.mp4,one\na,1.mp4,ONE\n a ,1.mp4,one\nb,1.mp4,one\nb,1.mp4,one\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range a.Repeats {
		got = append(got, r.Error())
	}
	want := []string{
		"row 2 (line 2): 1.mp4 for account a, with this caption, is job 1 already",
		"row 4 (line 4): 1.mp4 for account a, with this caption, is job 1 already",
		"row 6 (line 6): 1.mp4 for account b, with this caption, is the same as row 5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("repeats (-want +got):\n%s", diff)
	}
}

// What somebody wrote meanwhile is not written over.
func TestAdditionToAChangedFile(t *testing.T) {
	t.Parallel()
	path, media := write(t, threeColumns)
	a, err := jobs.PlanAddition(path, media, "more.csv", []byte(threeColumns+"b,2.mp4,two\n"))
	if err != nil {
		t.Fatal(err)
	}
	const theirs = threeColumns + "c,3.mp4,three\n"
	if err := os.WriteFile(path, []byte(theirs), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.Write(); err == nil || !strings.Contains(err.Error(), "nothing was added") {
		t.Errorf("got %v, want a refusal", err)
	}
	if got := readFile(t, path); got != theirs {
		t.Errorf("got %q, want %q", got, theirs)
	}
}

// FuzzAddition: the rows of the first file stay, and those of the second come
// behind them as they were given.
func FuzzAddition(f *testing.F) {
	f.Add("", "a,1.mp4,one", "b,2.mp4,two\n")
	f.Add("\ufeff", "a,1.mp4,\"x\r\ny\"\r\n", "b,2.mp4,\" \"\"z\"\"\"")
	f.Fuzz(func(t *testing.T, mark, have, more string) {
		path, media := write(t, mark+threeColumns+have)
		before, err := jobs.Read(path, media)
		if err != nil {
			t.Skip()
		}
		otherPath, _ := write(t, threeColumns+more)
		other, err := jobs.Read(otherPath, media)
		if err != nil {
			t.Skip()
		}
		a, err := jobs.PlanAddition(path, media, "more.csv", []byte(threeColumns+more))
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Write(); err != nil {
			t.Fatal(err)
		}
		if got := readFile(t, path); !strings.HasPrefix(got, mark+threeColumns+have) {
			t.Errorf("got %q, want it to begin with %q", got, mark+threeColumns+have)
		}
		after, err := jobs.Read(path, media)
		if err != nil {
			t.Fatal(err)
		}
		want := before.Jobs
		for _, j := range other.Jobs {
			j.ID = len(want) + 1
			want = append(want, j)
		}
		if diff := cmp.Diff(want, after.Jobs); diff != "" {
			t.Errorf("jobs (-want +got):\n%s", diff)
		}
	})
}
