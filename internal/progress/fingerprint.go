package progress

import (
	"bytes"
	"fmt"
	"hash/crc32"
)

// fingerprint tells one state of progress.csv from every other.
type fingerprint struct {
	rows   int // absentRows when there is no file
	bytes  int
	crc32c uint32
}

const absentRows = -1

func absent() fingerprint { return fingerprint{rows: absentRows} }

func fingerprintOf(data []byte, rows int) fingerprint {
	return fingerprint{rows: rows, bytes: len(data), crc32c: checksum(data)}
}

func checksum(data []byte) uint32 {
	return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
}

// matches reports whether data, nil for no file, is the state f describes.
func (f fingerprint) matches(data []byte) bool {
	if data == nil || f.rows == absentRows {
		return data == nil && f.rows == absentRows
	}
	return f.bytes == len(data) && f.crc32c == checksum(data)
}

func (f fingerprint) String() string {
	if f.rows == absentRows {
		return "no file"
	}
	return fmt.Sprintf("%d rows in %d bytes", f.rows, f.bytes)
}

// encode returns f as a line of the journal, which ends in a checksum of
// itself.
func (f fingerprint) encode() []byte {
	body := fmt.Appendf(nil, "1 %d %d %08x", f.rows, f.bytes, f.crc32c)
	return fmt.Appendf(body, " %08x\n", checksum(body))
}

// decodeFingerprint reads one line, its end included. ok is false for anything
// that encode did not write.
func decodeFingerprint(line []byte) (f fingerprint, ok bool) {
	if _, err := fmt.Sscanf(string(line), "1 %d %d %x", &f.rows, &f.bytes, &f.crc32c); err != nil {
		return fingerprint{}, false
	}
	return f, bytes.Equal(line, f.encode())
}
