package journal

import (
	"bytes"
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/table"
)

// ErrLine is a line that is not what was written.
var ErrLine = errors.New("journal: line is not what was written")

// Lines yields the lines of data, which begins where a line does. A line that
// cannot be read is yielded with ErrLine, and its Size. Bytes at the end
// without a line feed are not yielded.
func Lines(data []byte) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		for len(data) > 0 {
			n := bytes.IndexByte(data, '\n') + 1
			if n == 0 {
				return
			}
			line, ok := parse(data[:n-1])
			line.Size = n
			var err error
			if !ok {
				line, err = Line{Size: n}, ErrLine
			}
			if !yield(line, err) {
				return
			}
			data = data[n:]
		}
	}
}

// Suspect returns the transition that a damaged line seems to have been, and
// the id of the row that it seems to have been about. ok is false when it cannot
// be told. What it can be told from may be what is damaged.
func Suspect(raw []byte) (seq uint64, id int, ok bool) {
	const rowFields = 12
	if bytes.Count(raw, []byte{','}) != rowFields-1 {
		return 0, 0, false
	}
	d := decoder{rest: raw}
	kind := d.field()
	seq, id = d.number(), d.integer()
	d.status()
	return seq, id, !d.failed && string(kind) == string(rune(KindRow))
}

// MaxLines returns how many transitions a damaged line of that many bytes may
// have been: the line feeds between them may be what is damaged.
func MaxLines(size int) int {
	const shortest = len("r,1,1,fail,,2006-01-02T15:04:05Z,,0,,,0,00000000")
	return 1 + size/shortest
}

func parse(raw []byte) (Line, bool) {
	body := len(raw) - sumDigits - 1
	if body < 1 || raw[body] != ',' {
		return Line{}, false
	}
	var sum [sumDigits]byte
	if !bytes.Equal(raw[body+1:], appendSum(sum[:0], table.Checksum(raw[:body]))) {
		return Line{}, false
	}
	d := decoder{rest: raw[:body]}
	l := Line{Kind: Kind(raw[0])}
	d.field()
	switch l.Kind {
	case KindHeader:
		d.expect(format)
		l.Header = Header{Epoch: d.number(), Seq: d.number(), Rows: d.integer(), Base: d.print()}
	case KindRow:
		l.Seq, l.Row = d.number(), d.row()
	case KindNote:
		l.Seq, l.Note = d.number(), d.print()
	case KindDeaths:
		l.Row.ID, l.Row.Deaths = d.integer(), d.integer()
	default:
		return Line{}, false
	}
	return l, !d.failed && d.rest == nil
}

// decoder takes the fields of a line one after the other. Once it has failed
// its results mean nothing.
type decoder struct {
	rest   []byte // nil behind the last field
	failed bool
}

func (d *decoder) field() []byte {
	if d.rest == nil {
		d.failed = true
		return nil
	}
	f, rest, more := bytes.Cut(d.rest, []byte{','})
	if d.rest = rest; !more {
		d.rest = nil
	}
	return f
}

func (d *decoder) number() uint64 {
	n, err := strconv.ParseUint(string(d.field()), 10, 64)
	d.failed = d.failed || err != nil
	return n
}

func (d *decoder) integer() int {
	n, err := strconv.Atoi(string(d.field()))
	d.failed = d.failed || err != nil || n < 0
	return n
}

func (d *decoder) expect(want uint64) {
	if d.number() != want {
		d.failed = true
	}
}

func (d *decoder) print() table.Print {
	size, sum := d.integer(), d.number()
	d.failed = d.failed || sum > 1<<32-1
	return table.Print{Bytes: int64(size), CRC32C: uint32(sum)}
}

func (d *decoder) row() progress.Row {
	r := progress.Row{
		ID: d.integer(), Status: d.status(), WorkerID: d.text(), Time: d.time(), Error: d.text(),
		Attempts: d.integer(), Phase: progress.Phase(d.text()), NotBefore: d.time(), Deaths: d.integer(),
	}
	return r
}

// status returns the constant, so that a line that is read costs no memory of
// its own for it.
func (d *decoder) status() progress.Status {
	f := d.field()
	for _, s := range [...]progress.Status{
		progress.StatusPending, progress.StatusClaimed, progress.StatusSuccess, progress.StatusFail,
		progress.StatusSkip,
	} {
		if string(f) == string(s) {
			return s
		}
	}
	d.failed = true
	return ""
}

func (d *decoder) time() time.Time {
	f := d.field()
	t, err := progress.ParseTime(string(f))
	d.failed = d.failed || err != nil
	return t
}

func (d *decoder) text() string {
	f := d.field()
	if bytes.IndexByte(f, '\\') < 0 {
		return string(f)
	}
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		if f[i] != '\\' {
			b.WriteByte(f[i])
			continue
		}
		i++
		c, ok := unescape(f, i)
		if !ok {
			d.failed = true
			return ""
		}
		b.WriteByte(c)
	}
	return b.String()
}

func unescape(f []byte, i int) (byte, bool) {
	if i == len(f) {
		return 0, false
	}
	switch f[i] {
	case '\\':
		return '\\', true
	case 'c':
		return ',', true
	case 'n':
		return '\n', true
	}
	return 0, false
}
