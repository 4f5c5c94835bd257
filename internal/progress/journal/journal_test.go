package journal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/journal"
	"postfleet/internal/progress/table"
)

// TestText holds the lines to their text: another program may be reading them.
func TestText(t *testing.T) {
	t.Parallel()
	row := progress.Row{
		ID: 7, Account: "ann", Video: "v.mp4", Caption: "never in the journal", Status: progress.StatusFail,
		WorkerID: "a,b", Time: time.Date(2026, 7, 1, 8, 0, 0, 5, time.UTC), Error: "c:\\d,\ne", Attempts: 2,
		Phase: progress.PhasePosting, NotBefore: time.Date(2026, 7, 2, 8, 0, 0, 0, time.FixedZone("", 3600)), Deaths: 1,
	}
	got := journal.AppendRow(nil, 12, &row)
	got = journal.AppendNote(got, 12, table.Print{Bytes: 345, CRC32C: 6})
	got = journal.AppendDeaths(got, 7, 2)
	want := []string{
		`r,12,7,fail,a\cb,2026-07-01T08:00:00.000000005Z,c:\\d\c\ne,2,posting,2026-07-02T07:00:00Z,1`,
		`n,12,345,6`,
		`d,7,2`,
		"",
	}
	lines := strings.Split(string(got), "\n")
	for i, line := range lines {
		if n := len(line) - len(",00000000"); n > 0 {
			lines[i] = line[:n]
		}
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLines: what is no line is told apart from what follows it, and the
// beginning of a line at the end is none.
func TestLines(t *testing.T) {
	t.Parallel()
	row := progress.Row{ID: 7, Status: progress.StatusSuccess, Time: time.Unix(1e9, 0)}
	good := string(journal.AppendRow(nil, 3, &row))
	for name, tt := range map[string]struct {
		text string
		want []bool // is it a line?
	}{
		"nothing":            {"", nil},
		"the beginning":      {good[:len(good)-1], nil},
		"one":                {good, []bool{true}},
		"one, one begins":    {good + good[:9], []bool{true}},
		"empty line":         {"\n" + good, []bool{false, true}},
		"zeroes":             {strings.Repeat("\x00", 99) + "\n" + good, []bool{false, true}},
		"carriage return":    {strings.Replace(good, "\n", "\r\n", 1) + good, []bool{false, true}},
		"two run into one":   {good[:len(good)-1] + good, []bool{false}},
		"one cut, and one":   {good[:20] + "\n" + good, []bool{false, true}},
		"a sum in capitals":  {strings.ToUpper(good), []bool{false}},
		"the sum of another": {strings.Replace(good, "success", "skip", 1) + good, []bool{false, true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []bool
			for _, err := range journal.Lines([]byte(tt.text)) {
				got = append(got, err == nil)
				if err != nil && !errors.Is(err, journal.ErrLine) {
					t.Errorf("got %v, want ErrLine", err)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSuspect: a damaged line tells of its job when it is one line, and looks
// like one.
func TestSuspect(t *testing.T) {
	t.Parallel()
	row := progress.Row{ID: 12, Status: progress.StatusClaimed, WorkerID: "0", Time: time.Unix(1e9, 0)}
	good := strings.TrimSuffix(string(journal.AppendRow(nil, 3, &row)), "\n")
	for name, tt := range map[string]struct {
		line string
		want bool
	}{
		"damaged at the end": {good[:len(good)-1] + "?", true},
		"two in one":         {good + "?" + good, false},
		"no number":          {strings.Replace(good, ",12,", ",1?,", 1), false},
		"a field more":       {strings.Replace(good, ",12,", ",1,,", 1), false},
		"no status":          {strings.Replace(good, "claimed", "cl?imed", 1), false},
		"a note":             {"n,3,12,4,00000000", false},
		"zeroes":             {strings.Repeat("\x00", 80), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seq, id, ok := journal.Suspect([]byte(tt.line))
			if ok != tt.want || ok && (seq != 3 || id != 12) {
				t.Errorf("got transition %d of job %d, %v", seq, id, ok)
			}
		})
	}
	if got := journal.MaxLines(len(good) * 3); got < 3 {
		t.Errorf("three lines may be %d", got)
	}
}
