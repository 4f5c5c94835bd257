package jobs

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
)

// Record is one record of a CSV file. Fields are byte for byte what the file
// holds between the separators, without the quoting.
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
func ParseCSV(data []byte) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		p := parser{rest: bytes.TrimPrefix(data, []byte("\ufeff")), line: 1}
		for row := 1; len(p.rest) > 0; row++ {
			if !yield(p.record(row)) {
				return
			}
		}
	}
}

type parser struct {
	rest []byte
	line int
}

// ending is what stands behind a field.
type ending int

const (
	endField  ending = iota // a comma
	endRecord               // a line end, or the end of the file
	endBroken               // no CSV
)

func (p *parser) record(row int) (Record, error) {
	rec := Record{Row: row, Line: p.line}
	for {
		field, end, reason := p.field()
		rec.Fields = append(rec.Fields, field)
		switch end {
		case endRecord:
			return rec, nil
		case endBroken:
			err := &SyntaxError{Row: row, Line: rec.Line, Column: len(rec.Fields), Reason: reason}
			p.skipLine()
			return rec, err
		case endField:
		}
	}
}

func (p *parser) field() (string, ending, string) {
	if len(p.rest) > 0 && p.rest[0] == '"' {
		return p.quoted()
	}
	n := bytes.IndexAny(p.rest, ",\"\r\n")
	if n < 0 {
		n = len(p.rest)
	}
	field := string(p.rest[:n])
	p.rest = p.rest[n:]
	end, ok := p.separator()
	switch {
	case ok:
		return field, end, ""
	case p.rest[0] == '"':
		return field, endBroken, reasonQuoteInside
	default:
		return field, endBroken, reasonBareReturn
	}
}

func (p *parser) quoted() (string, ending, string) {
	var field []byte
	rest := p.rest[1:]
	for {
		n := bytes.IndexByte(rest, '"')
		if n < 0 {
			// Its first line alone is given up, so that the rows below it are
			// read, and reported if need be, as well.
			return "", endBroken, reasonUnclosed
		}
		field = append(field, rest[:n]...)
		rest = rest[n+1:]
		if len(rest) == 0 || rest[0] != '"' {
			break
		}
		field = append(field, '"')
		rest = rest[1:]
	}
	p.line += bytes.Count(p.rest[:len(p.rest)-len(rest)], []byte{'\n'})
	p.rest = rest
	if end, ok := p.separator(); ok {
		return string(field), end, ""
	}
	return string(field), endBroken, reasonAfterQuote
}

// separator takes what may stand behind a field, if it does.
func (p *parser) separator() (ending, bool) {
	switch {
	case len(p.rest) == 0:
		return endRecord, true
	case p.rest[0] == ',':
		p.rest = p.rest[1:]
		return endField, true
	case p.rest[0] == '\n', bytes.HasPrefix(p.rest, []byte("\r\n")):
		p.skipLine()
		return endRecord, true
	}
	return endBroken, false
}

func (p *parser) skipLine() {
	n := bytes.IndexByte(p.rest, '\n')
	if n < 0 {
		p.rest = nil
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
		if !needsQuotes(f, len(fields)) {
			dst = append(dst, f...)
			continue
		}
		dst = append(dst, '"')
		dst = append(dst, strings.ReplaceAll(f, `"`, `""`)...)
		dst = append(dst, '"')
	}
	return append(dst, '\n')
}

// needsQuotes reports whether f, one of n fields, would read as something else
// without quotes: as more than one field, as a byte order mark, as a blank line.
func needsQuotes(f string, n int) bool {
	return strings.ContainsAny(f, ",\"\r\n") || strings.HasPrefix(f, "\ufeff") || f == "" && n == 1
}
