package table_test

import (
	"bytes"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/table"
)

// FuzzDecode reads any text. What is a table is written and read again as the
// same rows, and is none any more when a byte is missing at its end.
func FuzzDecode(f *testing.F) {
	const header = "job_id,account_name,video_path,caption,status,worker_id,timestamp,error,attempts,phase,not_before\n"
	f.Add("")
	f.Add(header)
	f.Add(header + "1,ann,v.mp4,\"a \"\"b\"\",\r\nc\",claimed,0,2026-01-02T03:04:05.6Z,,0,posting,\n")
	f.Add("\ufeff" + header + "1,ann,v.mp4,,fail,0,0001-01-01T00:00:00Z,why,3,,2026-01-02T03:04:05+02:00\r\n")
	f.Add(header + "1,ann,v.mp4,,pending,,,,-1,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := table.Decode(text)
		if err != nil {
			if rows != nil {
				t.Errorf("got %d rows with %v", len(rows), err)
			}
			return
		}
		if rows == nil {
			t.Fatal("no rows cannot be told from no table")
		}
		var out bytes.Buffer
		print, err := table.Write(&out, each(rows))
		if err != nil {
			t.Fatal(err)
		}
		if want := table.PrintOf(out.Bytes()); print != want {
			t.Errorf("got the print %+v, want %+v", print, want)
		}
		again, err := table.Decode(out.String())
		if diff := cmp.Diff(rows, again); diff != "" || err != nil {
			t.Errorf("%q: %v (-read +written and read):\n%s", text, err, diff)
		}
		if cut, err := table.Decode(out.String()[:out.Len()-1]); err == nil {
			t.Errorf("got %d rows of a table that is cut short", len(cut))
		}
	})
}

func each(rows []progress.Row) iter.Seq[*progress.Row] {
	return func(yield func(*progress.Row) bool) {
		for i := range rows {
			if !yield(&rows[i]) {
				return
			}
		}
	}
}
