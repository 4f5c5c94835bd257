package table_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/table"
)

const header = "job_id,account_name,video_path,caption,status,worker_id,timestamp,error,attempts,phase,not_before\n"

// TestBytes: the operator's columns are kept byte for byte.
func TestBytes(t *testing.T) {
	t.Parallel()
	rows := []progress.Row{
		{ID: 1, Account: "ann", Video: "a b.mp4", Caption: "1\r\n2\n\"3\", \u00e9\xff", Status: progress.StatusPending},
		{
			ID: 2, Account: "bob", Video: "v.mp4", Status: progress.StatusFail, WorkerID: "0", Error: "why\nnot",
			Time: time.Date(2026, 7, 1, 8, 0, 0, 5, time.UTC), Attempts: 3, Phase: progress.PhasePosting,
			NotBefore: time.Date(2026, 7, 2, 8, 0, 0, 0, time.UTC),
		},
	}
	want := header + "1,ann,a b.mp4,\"1\r\n2\n\"\"3\"\", \u00e9\xff\",pending,,,,0,,\n" +
		"2,bob,v.mp4,,fail,0,2026-07-01T08:00:00.000000005Z,\"why\nnot\",3,posting,2026-07-02T08:00:00Z\n"
	var out strings.Builder
	print, err := table.Write(&out, each(rows))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if want := table.PrintOf([]byte(want)); print != want {
		t.Errorf("got the print %+v, want %+v", print, want)
	}
	got, err := table.Decode(want)
	if diff := cmp.Diff(rows, got); diff != "" || err != nil {
		t.Errorf("rows: %v (-want +got):\n%s", err, diff)
	}
}

// TestDecodeRefuses whatever is not quite a table, and says where.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	const one = "1,ann,v.mp4,,pending,,,,0,,\n"
	for name, tt := range map[string]struct{ text, word string }{
		"nothing":          {"", "empty"},
		"a mark alone":     {"\ufeff", "header"},
		"another header":   {"job_id,account_name\n" + one, "header"},
		"a column less":    {header + "1,ann,v.mp4,,pending,,,,0,\n", "row 2 (line 2): 10 fields"},
		"no line end":      {header + strings.TrimSuffix(one, "\n"), "cut short"},
		"the header alone": {strings.TrimSuffix(header, "\n"), "cut short"},
		"an id left out":   {header + one + "3,bob,v.mp4,,pending,,,,0,,\n", "job_id is 3, not 2"},
		"an id twice":      {header + one + one, "job_id is 1, not 2"},
		"no status":        {header + "1,ann,v.mp4,,,,,,0,,\n", "unknown status"},
		"no phase":         {header + "1,ann,v.mp4,,pending,,,,0,post,\n", "unknown phase"},
		"no time":          {header + "1,ann,v.mp4,,pending,,1.7.2026,,0,,\n", "1.7.2026"},
		"no number":        {header + "1,ann,v.mp4,,pending,,,,many,,\n", "many"},
		"claimed by none":  {header + "1,ann,v.mp4,,claimed,,,,0,,\n", "claimed by no worker"},
		"no account":       {header + "1,,v.mp4,,pending,,,,0,,\n", "no account"},
		"an open quote":    {header + "1,ann,v.mp4,\"cap", "never closed"},
		"zeroes":           {strings.Repeat("\x00", 300), "header"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := table.Decode(tt.text)
			if err == nil || rows != nil || !strings.Contains(err.Error(), tt.word) {
				t.Errorf("got %d rows, %v, want an error with %q", len(rows), err, tt.word)
			}
		})
	}
}

// full takes so many bytes.
type full struct{ left int }

var errFull = errors.New("full")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestWriteFails with its writer, wherever that is.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	rows := make([]progress.Row, 2000)
	for i := range rows {
		rows[i] = progress.Row{ID: i + 1, Account: "ann", Video: "v.mp4", Status: progress.StatusPending}
	}
	for _, room := range []int{0, 1, 50_000} {
		if print, err := table.Write(&full{left: room}, each(rows)); !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: got %v, %v", room, print, err)
		}
	}
}

// TestSum: a file is summed up as what was written, and read as it is.
func TestSum(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 64 << 10, 200_000} {
		text := strings.Repeat("x", size)
		want := table.PrintOf([]byte(text))
		if got, err := table.Sum(strings.NewReader(text), int64(size)); got != want || err != nil {
			t.Errorf("sum of %d bytes: got %+v, %v, want %+v", size, got, err, want)
		}
		got, print, err := table.Read(strings.NewReader(text), int64(size))
		if got != text || print != want || err != nil {
			t.Errorf("read %d bytes: got %d, %+v, %v, want %+v", size, len(got), print, err, want)
		}
	}
}
