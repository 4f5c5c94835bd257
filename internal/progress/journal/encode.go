package journal

import (
	"strconv"
	"strings"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/table"
)

// format is in each header: another number is another way to write lines.
const format = 1

// AppendHeader appends a journal's first line to dst.
func AppendHeader(dst []byte, h Header) []byte {
	e := begin(dst, KindHeader)
	e.number(format)
	e.number(h.Epoch)
	e.number(h.Seq)
	e.number(uint64(h.Rows))
	e.print(h.Base)
	return e.end()
}

// AppendRow appends transition seq: that the row is now r.
func AppendRow(dst []byte, seq uint64, r *progress.Row) []byte {
	e := begin(dst, KindRow)
	e.number(seq)
	e.number(uint64(r.ID))
	e.text(string(r.Status))
	e.text(r.WorkerID)
	e.time(r.Time)
	e.text(r.Error)
	e.number(uint64(r.Attempts))
	e.text(string(r.Phase))
	e.time(r.NotBefore)
	e.number(uint64(r.Deaths))
	return e.end()
}

// AppendNote appends the announcement of a file with print p, which shows
// every transition up to seq.
func AppendNote(dst []byte, seq uint64, p table.Print) []byte {
	e := begin(dst, KindNote)
	e.number(seq)
	e.print(p)
	return e.end()
}

// AppendDeaths appends how often workers died on row id before the base.
func AppendDeaths(dst []byte, id, deaths int) []byte {
	e := begin(dst, KindDeaths)
	e.number(uint64(id))
	e.number(uint64(deaths))
	return e.end()
}

// encoder writes one line behind what buf holds already.
type encoder struct {
	buf   []byte
	start int
}

func begin(dst []byte, k Kind) *encoder {
	return &encoder{buf: append(dst, byte(k)), start: len(dst)}
}

func (e *encoder) number(n uint64) { e.buf = strconv.AppendUint(append(e.buf, ','), n, 10) }

func (e *encoder) print(p table.Print) {
	e.number(uint64(p.Bytes))
	e.number(uint64(p.CRC32C))
}

func (e *encoder) time(t time.Time) {
	e.buf = append(e.buf, ',')
	if !t.IsZero() {
		e.buf = t.UTC().AppendFormat(e.buf, time.RFC3339Nano)
	}
}

// text writes what must not be taken for the end of a field or a line with a
// backslash before it.
func (e *encoder) text(s string) {
	e.buf = append(e.buf, ',')
	if !strings.ContainsAny(s, "\\,\n") {
		e.buf = append(e.buf, s...)
		return
	}
	for i := range len(s) {
		switch s[i] {
		case '\\':
			e.buf = append(e.buf, '\\', '\\')
		case ',':
			e.buf = append(e.buf, '\\', 'c')
		case '\n':
			e.buf = append(e.buf, '\\', 'n')
		default:
			e.buf = append(e.buf, s[i])
		}
	}
}

func (e *encoder) end() []byte {
	sum := table.Checksum(e.buf[e.start:])
	e.buf = append(e.buf, ',')
	e.buf = appendSum(e.buf, sum)
	return append(e.buf, '\n')
}

const sumDigits = 8

func appendSum(dst []byte, sum uint32) []byte {
	const digits = "0123456789abcdef"
	for shift := 28; shift >= 0; shift -= 4 {
		dst = append(dst, digits[sum>>shift&0xf])
	}
	return dst
}
