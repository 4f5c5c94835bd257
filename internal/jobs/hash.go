package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"postfleet/internal/fault"
)

// sumSize is the length of a SHA-256 in bytes.
const sumSize = sha256.Size

// hashChunk is how much is read between two looks at the context.
const hashChunk = 1 << 20

// HashVideo returns the SHA-256 of the file at path, in lower-case hex, which
// is what two copies of a video have in common. It reads the whole file, a
// piece at a time, and stops with the context's error. Any other error has the
// class fault.Infra.
func HashVideo(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fault.Errorf(fault.Infra, "hash video: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	sum := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("hash video %s: %w", path, err)
		}
		_, err := io.CopyN(sum, f, hashChunk)
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(sum.Sum(nil)), nil
		}
		if err != nil {
			return "", fault.Errorf(fault.Infra, "hash video: %w", err)
		}
	}
}
