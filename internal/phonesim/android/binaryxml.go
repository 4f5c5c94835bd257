package android

import (
	"encoding/binary"
	"errors"
	"strconv"
	"unicode/utf16"
)

// Chunk types of Android's binary XML.
const (
	chunkStringPool   = 0x0001
	chunkStartElement = 0x0102

	documentHeaderBytes = 8
	poolHeaderBytes     = 28
	poolFlagUTF8        = 1 << 8
	attributesOffset    = 16 // of a start element's attribute fields from its chunk
	noString            = 0xffffffff
)

// Types of attribute values.
const (
	valueString  = 0x03
	valueDecimal = 0x10
	valueHex     = 0x11
	valueBool    = 0x12
)

var errTruncatedXML = errors.New("binary xml ends too early")

// xmlElement is a start tag; attribute names have no namespace.
type xmlElement struct {
	name       string
	attributes map[string]string
}

// parseBinaryXML returns the start tags of a document in their order.
func parseBinaryXML(b []byte) ([]xmlElement, error) {
	var elements []xmlElement
	var pool []string
	for at := documentHeaderBytes; at < len(b); {
		chunk := xmlBytes(b[at:])
		kind, size := chunk.u16(0), int(chunk.u32(4))
		if size < documentHeaderBytes || size > len(chunk) {
			return nil, errTruncatedXML
		}
		chunk = chunk[:size]
		var err error
		switch kind {
		case chunkStringPool:
			pool, err = parseStringPool(chunk)
		case chunkStartElement:
			var e xmlElement
			if e, err = parseStartElement(chunk, pool); err == nil {
				elements = append(elements, e)
			}
		}
		if err != nil {
			return nil, err
		}
		at += size
	}
	return elements, nil
}

func parseStartElement(chunk xmlBytes, pool []string) (xmlElement, error) {
	text := func(i uint32) string {
		if i < uint32(len(pool)) {
			return pool[i]
		}
		return ""
	}
	const nameOffset, startOffset, sizeOffset, countOffset = 20, 24, 26, 28
	e := xmlElement{name: text(chunk.u32(nameOffset)), attributes: map[string]string{}}
	at := attributesOffset + int(chunk.u16(startOffset))
	for range chunk.u16(countOffset) {
		if at+20 > len(chunk) {
			return xmlElement{}, errTruncatedXML
		}
		a := chunk[at:]
		name, raw, kind, data := text(a.u32(4)), a.u32(8), a[15], a.u32(16)
		e.attributes[name] = attributeText(text, raw, kind, data)
		at += int(chunk.u16(sizeOffset))
	}
	return e, nil
}

func attributeText(text func(uint32) string, raw uint32, kind byte, data uint32) string {
	switch {
	case raw != noString:
		return text(raw)
	case kind == valueString:
		return text(data)
	case kind == valueDecimal:
		return strconv.Itoa(int(int32(data)))
	case kind == valueHex:
		return "0x" + strconv.FormatUint(uint64(data), 16)
	case kind == valueBool:
		return strconv.FormatBool(data != 0)
	default:
		return ""
	}
}

func parseStringPool(chunk xmlBytes) ([]string, error) {
	const countOffset, flagsOffset, startOffset = 8, 16, 20
	count, start := int(chunk.u32(countOffset)), int(chunk.u32(startOffset))
	if poolHeaderBytes+4*count > len(chunk) || start > len(chunk) {
		return nil, errTruncatedXML
	}
	read := xmlBytes.utf16
	if chunk.u32(flagsOffset)&poolFlagUTF8 != 0 {
		read = xmlBytes.utf8
	}
	pool := make([]string, count)
	for i := range pool {
		at := start + int(chunk.u32(poolHeaderBytes+4*i))
		if at > len(chunk) {
			return nil, errTruncatedXML
		}
		var ok bool
		if pool[i], ok = read(chunk[at:]); !ok {
			return nil, errTruncatedXML
		}
	}
	return pool, nil
}

// xmlBytes are little-endian fields; those past the end read as zero.
type xmlBytes []byte

func (b xmlBytes) u16(at int) uint16 {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint16(b[at:])
}

func (b xmlBytes) u32(at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint32(b[at:])
}

// utf8 reads a string with its two lengths, in characters and in bytes, each
// of one byte, or of two when the high bit is set.
func (b xmlBytes) utf8() (string, bool) {
	length, at := 0, 0
	for range 2 {
		if at+2 > len(b) {
			return "", false
		}
		length = int(b[at])
		at++
		if length&0x80 != 0 {
			length = (length&0x7f)<<8 | int(b[at])
			at++
		}
	}
	if at+length > len(b) {
		return "", false
	}
	return string(b[at : at+length]), true
}

func (b xmlBytes) utf16() (string, bool) {
	length, at := int(b.u16(0)), 2
	if length&0x8000 != 0 {
		length, at = (length&0x7fff)<<16|int(b.u16(2)), 4
	}
	if at+2*length > len(b) {
		return "", false
	}
	units := make([]uint16, length)
	for i := range units {
		units[i] = b.u16(at + 2*i)
	}
	return string(utf16.Decode(units)), true
}
