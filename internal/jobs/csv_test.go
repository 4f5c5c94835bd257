package jobs_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/jobs"
)

func TestParseCSV(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     [][]string
	}{
		{"plain", "a,b\nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}},
		{"no last line end", "a,b\nc,d", [][]string{{"a", "b"}, {"c", "d"}}},
		{"crlf rows", "a,b\r\nc,d\r\n", [][]string{{"a", "b"}, {"c", "d"}}},
		{"byte order mark", "\ufeffa,b\n", [][]string{{"a", "b"}}},
		{"byte order mark and quotes", "\ufeff\"a\",b\n", [][]string{{"a", "b"}}},
		{"crlf in quotes is kept", "\"x\r\ny\",b\r\n", [][]string{{"x\r\ny", "b"}}},
		{"lone cr in quotes is kept", "\"x\ry\"\n", [][]string{{"x\ry"}}},
		{"doubled quotes", `"say ""hi""",b`, [][]string{{`say "hi"`, "b"}}},
		{"comma in quotes", "\"a,b\",c\n", [][]string{{"a,b", "c"}}},
		{"spaces are kept", " a , b \n", [][]string{{" a ", " b "}}},
		{"empty fields", ",,\n", [][]string{{"", "", ""}}},
		{"trailing comma at the end", "a,", [][]string{{"a", ""}}},
		{"blank line", "a\n\nb\n", [][]string{{"a"}, {""}, {"b"}}},
		{"nothing", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got [][]string
			for rec, err := range jobs.ParseCSV([]byte(tt.in)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, slices.Clone(rec.Fields))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("records of %q (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

// TestParseCSVErrors also asks that a bad record costs only its own line.
func TestParseCSVErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in  string
		row, line int
		column    int
		word      string
		good      int
	}{
		{"quote inside", "a,b\nsay \"hi\",x\nc,d\n", 2, 2, 1, "double each quote", 2},
		{"text behind a quote", "a,\"b\"c\nd,e\n", 1, 1, 2, "after the closing quote", 1},
		{"never closed", "a,b\nc,\"d\ne,f\n", 2, 2, 2, "never closed", 2},
		{"bare return", "a,b\rc,d\ne,f\n", 1, 1, 2, "carriage return", 1},
		{"after a record of two lines", "\"a\nb\",c\nd\"e,f\n", 2, 3, 1, "double each quote", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var bad []*jobs.SyntaxError
			good := 0
			for _, err := range jobs.ParseCSV([]byte(tt.in)) {
				var se *jobs.SyntaxError
				switch {
				case err == nil:
					good++
				case errors.As(err, &se):
					bad = append(bad, se)
				default:
					t.Fatalf("got %v, want a *SyntaxError", err)
				}
			}
			if len(bad) != 1 || good != tt.good {
				t.Fatalf("got %d bad and %d good records, want 1 and %d", len(bad), good, tt.good)
			}
			if e := bad[0]; e.Row != tt.row || e.Line != tt.line || e.Column != tt.column {
				t.Errorf("got row %d line %d column %d, want %d, %d, %d",
					e.Row, e.Line, e.Column, tt.row, tt.line, tt.column)
			}
			if got := bad[0].Error(); !strings.Contains(got, tt.word) {
				t.Errorf("got %q, want %q in it", got, tt.word)
			}
		})
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"", "a,b\r\n\"c\r\nd\",\"e\"\"f\"\n", "\ufeffx", "\"", "a\"b\n", "\r\n\r\n", "\"\"\"\n\"\"\n", "\x00,\xff\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var all [][]string
		var out []byte
		lastRow := 0
		for rec, err := range jobs.ParseCSV(data) {
			if rec.Row != lastRow+1 || rec.Line < rec.Row || len(rec.Fields) == 0 {
				t.Fatalf("record %+v after row %d", rec, lastRow)
			}
			lastRow = rec.Row
			if err != nil {
				continue
			}
			all = append(all, slices.Clone(rec.Fields))
			out = jobs.AppendCSV(out, rec.Fields...)
		}
		var again [][]string
		for rec, err := range jobs.ParseCSV(out) {
			if err != nil {
				t.Fatalf("what was written cannot be read: %v\n%q", err, out)
			}
			again = append(again, slices.Clone(rec.Fields))
		}
		if diff := cmp.Diff(all, again); diff != "" {
			t.Errorf("round trip of %q by way of %q (-first +second):\n%s", data, out, diff)
		}
	})
}

// FuzzFields writes any record and reads it: the same fields, byte for byte.
func FuzzFields(f *testing.F) {
	f.Add("a", "b,c", "d\"e")
	f.Add("", "", "")
	f.Add("\ufeff", "line\r\nline", "\"")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, fields := range [][]string{{a}, {a, b}, {a, b, c}} {
			out := jobs.AppendCSV([]byte("before\n"), fields...)
			var got [][]string
			for rec, err := range jobs.ParseCSV(out) {
				if err != nil {
					t.Fatalf("%q was written as %q: %v", fields, out, err)
				}
				got = append(got, slices.Clone(rec.Fields))
			}
			if want := [][]string{{"before"}, fields}; !cmp.Equal(want, got) {
				t.Fatalf("%q was written as %q and read as %q", fields, out, got)
			}
		}
	})
}

// TestCSVAllocates: a ledger of a million rows is read and written without a
// piece of memory for each field.
func TestCSVAllocates(t *testing.T) {
	fields := []string{"12", "shop_a", "reel.mp4", "a caption", "pending", "", "", "", "0", "", ""}
	buffer := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { buffer = jobs.AppendCSV(buffer[:0], fields...) }); n > 0 {
		t.Errorf("writing a record allocates %v times, want none", n)
	}
	const records = 1000
	text := strings.Repeat(string(jobs.AppendCSV(nil, append(fields, "quoted, but not doubled")...)), records)
	n := testing.AllocsPerRun(10, func() {
		for _, err := range jobs.ParseText(text) {
			if err != nil {
				t.Error(err)
			}
		}
	})
	if n > records/100 {
		t.Errorf("reading %d records allocates %v times, want a few", records, n)
	}
}
