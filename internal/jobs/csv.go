package jobs

import (
	"fmt"
	"iter"
	"strings"
)

// Record is one record of a CSV file. Fields are byte for byte what the file
// holds between the separators, without the quoting. The slice is used again
// for the next record: who keeps it makes a copy. Its strings may be kept, and
// keep the whole text alive.
type Record struct {
	// Row counts records from 1, the header included, as a spreadsheet does.
	Row int
	// Line is where the record begins, counted from 1, as an editor does.
	Line   int
	Fields []string
}

// blank reports whether the record holds nothing but white space.
func (r Record) blank() bool {
	for _, f := range r.Fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}

// SyntaxError is a record that is no CSV.
type SyntaxError struct {
	Row, Line int
	// Column counts the record's fields from 1.
	Column int
	Reason string
}

// Error names row, line and column.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("row %d (line %d), column %d: %s", e.Row, e.Line, e.Column, e.Reason)
}

const (
	reasonQuoteInside = `a quote inside a field that does not begin with one: ` +
		`put the whole field in quotes and double each quote in it`
	reasonAfterQuote = `text after the closing quote: double each quote that belongs to the text`
	reasonUnclosed   = `a quote that is never closed: the file was cut short, or a quote in the text is not doubled`
	reasonBareReturn = `a carriage return without a line feed: save the file with LF or CRLF line ends`
)

// ParseCSV yields the records of data (RFC 4180; records end in LF or CRLF, a
// leading byte order mark is passed over). A record that is no CSV is yielded
// as a *SyntaxError beside what was read of it, and the next line goes on as a
// new record.
//
// encoding/csv is not used because it turns CRLF inside a quoted field into LF,
// and so would change captions.
func ParseCSV(data []byte) iter.Seq2[Record, error] { return ParseText(string(data)) }

// ParseText is ParseCSV without the copy that it makes of data.
func ParseText(text string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		p := parser{rest: strings.TrimPrefix(text, byteOrderMark), line: 1}
		for row := 1; len(p.rest) > 0; row++ {
			if !yield(p.record(row)) {
				return
			}
		}
	}
}

const byteOrderMark = "\ufeff"

type parser struct {
	rest   string
	line   int
	fields []string
}

// ending is what stands behind a field.
type ending int

const (
	endField  ending = iota // a comma
	endRecord               // a line end, or the end of the file
	endBroken               // no CSV
)

func (p *parser) record(row int) (Record, error) {
	rec := Record{Row: row, Line: p.line, Fields: p.fields[:0]}
	for {
		field, end, reason := p.field()
		rec.Fields = append(rec.Fields, field)
		if end == endField {
			continue
		}
		p.fields = rec.Fields
		if end == endRecord {
			return rec, nil
		}
		p.skipLine()
		return rec, &SyntaxError{Row: row, Line: rec.Line, Column: len(rec.Fields), Reason: reason}
	}
}

func (p *parser) field() (string, ending, string) {
	if len(p.rest) > 0 && p.rest[0] == '"' {
		return p.quoted()
	}
	n := plain(p.rest)
	field := p.rest[:n]
	p.rest = p.rest[n:]
	end := p.separator()
	switch {
	case end != endBroken:
		return field, end, ""
	case p.rest[0] == '"':
		return field, endBroken, reasonQuoteInside
	default:
		return field, endBroken, reasonBareReturn
	}
}

// plain returns how many bytes s has before the first that means something in CSV.
func plain(s string) int {
	for i := range len(s) {
		// The comma is the highest of the four, and most of a text is above it.
		if c := s[i]; c <= ',' && (c == ',' || c == '"' || c == '\n' || c == '\r') {
			return i
		}
	}
	return len(s)
}

func (p *parser) quoted() (string, ending, string) {
	end, doubled := 1, false
	for {
		n := strings.IndexByte(p.rest[end:], '"')
		if n < 0 {
			// Its first line alone is given up, so that the rows below it are
			// read, and reported if need be, as well.
			return "", endBroken, reasonUnclosed
		}
		end += n + 1
		if end == len(p.rest) || p.rest[end] != '"' {
			break
		}
		end++
		doubled = true
	}
	field := p.rest[1 : end-1]
	p.line += strings.Count(field, "\n")
	p.rest = p.rest[end:]
	if doubled {
		field = strings.ReplaceAll(field, `""`, `"`)
	}
	if behind := p.separator(); behind != endBroken {
		return field, behind, ""
	}
	return field, endBroken, reasonAfterQuote
}

// separator takes what may stand behind a field, if it does.
func (p *parser) separator() ending {
	switch {
	case len(p.rest) == 0:
		return endRecord
	case p.rest[0] == ',':
		p.rest = p.rest[1:]
		return endField
	case p.rest[0] == '\n', strings.HasPrefix(p.rest, "\r\n"):
		p.skipLine()
		return endRecord
	}
	return endBroken
}

func (p *parser) skipLine() {
	n := strings.IndexByte(p.rest, '\n')
	if n < 0 {
		p.rest = ""
		return
	}
	p.rest = p.rest[n+1:]
	p.line++
}

// AppendCSV appends one record, with its LF, to dst. What ParseCSV reads from
// it are the same fields, byte for byte.
func AppendCSV(dst []byte, fields ...string) []byte {
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		if needsQuotes(f, len(fields)) {
			dst = appendQuoted(dst, f)
		} else {
			dst = append(dst, f...)
		}
	}
	return append(dst, '\n')
}

func appendQuoted(dst []byte, field string) []byte {
	dst = append(dst, '"')
	for {
		n := strings.IndexByte(field, '"')
		if n < 0 {
			break
		}
		dst = append(dst, field[:n]...)
		dst = append(dst, '"', '"')
		field = field[n+1:]
	}
	dst = append(dst, field...)
	return append(dst, '"')
}

// needsQuotes reports whether f, one of n fields, would read as something else
// without quotes: as more than one field, as a byte order mark, as a blank line.
func needsQuotes(f string, n int) bool {
	return plain(f) < len(f) || strings.HasPrefix(f, byteOrderMark) || f == "" && n == 1
}
