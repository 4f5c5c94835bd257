package table

import (
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strings"
)

// Print tells one progress.csv from every other.
type Print struct {
	Bytes  int64
	CRC32C uint32
}

// String is for people.
func (p Print) String() string { return fmt.Sprintf("%d bytes", p.Bytes) }

// PrintOf returns the print of a file that holds data.
func PrintOf(data []byte) Print { return Print{Bytes: int64(len(data)), CRC32C: Checksum(data)} }

// Read returns what r holds, which is about size bytes, and its print.
func Read(r io.Reader, size int64) (string, Print, error) {
	var text strings.Builder
	text.Grow(int(size))
	s := newSummer(&text)
	_, err := io.CopyBuffer(s, r, make([]byte, min(size+1, bufferBytes)))
	return text.String(), s.print(), err
}

// Sum returns the print of what r holds, which is about size bytes.
func Sum(r io.Reader, size int64) (Print, error) {
	s := newSummer(io.Discard)
	_, err := io.CopyBuffer(s, r, make([]byte, min(size+1, bufferBytes)))
	return s.print(), err
}

// Checksum is CRC-32C, the one that processors compute.
func Checksum(data []byte) uint32 {
	return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
}

// summer passes on what is written and sums it up.
type summer struct {
	to    io.Writer
	sum   hash.Hash32
	bytes int64
}

func newSummer(to io.Writer) *summer {
	return &summer{to: to, sum: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
}

// Write implements io.Writer.
func (s *summer) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	s.bytes += int64(n)
	_, _ = s.sum.Write(p[:n]) // a hash takes everything
	return n, err
}

func (s *summer) print() Print { return Print{Bytes: s.bytes, CRC32C: s.sum.Sum32()} }
