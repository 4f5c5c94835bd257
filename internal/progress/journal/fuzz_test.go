package journal_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/progress"
	"postfleet/internal/progress/journal"
	"postfleet/internal/progress/table"
)

// FuzzLines reads any bytes, as they are and as the body of a line that has its
// sum; and writes rows of any text, which are read as they were written.
func FuzzLines(f *testing.F) {
	row := progress.Row{ID: 7, Status: progress.StatusClaimed, WorkerID: "0", Time: time.Unix(1e9, 1).UTC()}
	shown := table.Print{Bytes: 4, CRC32C: 5}
	lines := journal.AppendHeader(nil, journal.Header{Epoch: 1, Seq: 2, Rows: 3, Base: shown})
	lines = journal.AppendRow(lines, 3, &row)
	lines = journal.AppendNote(lines, 3, shown)
	lines = journal.AppendDeaths(lines, 7, 2)
	f.Add(lines, uint64(1), "0", "a, \\ and\na line\r\n", int64(1e18), uint32(3))
	f.Add([]byte("r,1,+1,fail,,,,01,,,0"), uint64(1<<63), "\\", "\\c\\n\\", int64(-1), uint32(0))
	f.Add([]byte("h,1,1,0,3,4,5"), uint64(0), "", "\x00\xff", int64(0), uint32(1))
	f.Add([]byte("d,1,2\nn,1,2,3,4"), uint64(0), ",,", "\n\n", int64(0), uint32(2))
	f.Fuzz(func(t *testing.T, data []byte, seq uint64, worker, text string, nanos int64, n uint32) {
		read(t, data)
		read(t, summed(data))
		readBack(t, seq, worker, text, nanos, int(n))
	})
}

// read reads what may be no journal, and asks that what is a line is written
// and read again as the same line.
func read(t *testing.T, data []byte) {
	t.Helper()
	size := 0
	for line, err := range journal.Lines(data) {
		raw := data[size : size+line.Size-1]
		size += line.Size
		if data[size-1] != '\n' {
			t.Fatalf("%q does not end in a line feed", raw)
		}
		journal.Suspect(raw)
		if err != nil {
			continue
		}
		again := one(t, write(line))
		line.Size, again.Size = 0, 0
		if line != again {
			t.Errorf("%q was read, and then (-first +second):\n%s", raw, cmp.Diff(line, again))
		}
	}
	if rest := data[size:]; len(rest) > 0 && rest[len(rest)-1] == '\n' {
		t.Errorf("%q was not read", rest)
	}
}

func write(l journal.Line) []byte {
	switch l.Kind {
	case journal.KindHeader:
		return journal.AppendHeader(nil, l.Header)
	case journal.KindRow:
		return journal.AppendRow(nil, l.Seq, &l.Row)
	case journal.KindNote:
		return journal.AppendNote(nil, l.Seq, l.Note)
	case journal.KindDeaths:
		return journal.AppendDeaths(nil, l.Row.ID, l.Row.Deaths)
	}
	return nil
}

// one reads the only line of data.
func one(t *testing.T, data []byte) journal.Line {
	t.Helper()
	var all []journal.Line
	for line, err := range journal.Lines(data) {
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		all = append(all, line)
	}
	if len(all) != 1 || all[0].Size != len(data) {
		t.Fatalf("%q: got %d lines, want one", data, len(all))
	}
	return all[0]
}

// summed makes body a line.
func summed(body []byte) []byte {
	const digits = "0123456789abcdef"
	sum := table.Checksum(body)
	line := append(append([]byte{}, body...), ',')
	for shift := 28; shift >= 0; shift -= 4 {
		line = append(line, digits[sum>>shift&0xf])
	}
	return append(line, '\n')
}

// readBack writes a line of each kind, and reads what it wrote.
func readBack(t *testing.T, seq uint64, worker, text string, nanos int64, n int) {
	t.Helper()
	statuses := []progress.Status{
		progress.StatusPending, progress.StatusClaimed, progress.StatusSuccess,
		progress.StatusFail, progress.StatusSkip,
	}
	at := time.Unix(0, nanos).UTC()
	p := table.Print{Bytes: int64(n), CRC32C: uint32(seq)}
	row := progress.Row{
		ID: n, Status: statuses[n%len(statuses)], WorkerID: worker, Time: at, Error: text, Attempts: n / 2,
		Phase: progress.Phase(worker), NotBefore: at.Add(time.Duration(n)), Deaths: n / 3,
	}
	for _, want := range []journal.Line{
		{Kind: journal.KindHeader, Header: journal.Header{Epoch: seq, Seq: seq, Rows: n, Base: p}},
		{Kind: journal.KindRow, Seq: seq, Row: row},
		{Kind: journal.KindNote, Seq: seq, Note: p},
		{Kind: journal.KindDeaths, Row: progress.Row{ID: n, Deaths: n}},
	} {
		data := write(want)
		want.Size = len(data)
		if got := one(t, data); got != want {
			t.Errorf("%q (-written +read):\n%s", data, cmp.Diff(want, got))
		}
		i := n % (len(data) - 1)
		data[i] ^= 1
		for _, err := range journal.Lines(data) {
			if err == nil && data[i] != '\n' {
				t.Fatalf("%q is taken for a line", data)
			}
		}
	}
}
