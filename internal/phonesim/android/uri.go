package android

import (
	"net/url"
	"strings"
)

// filePath is the path of a file: URI. Hosts as a rule write the name as it
// is, with what would have to be escaped; then it is taken as it is.
func filePath(uri string) (string, bool) {
	raw, ok := strings.CutPrefix(uri, "file://")
	if !ok || !strings.HasPrefix(raw, "/") {
		return "", false
	}
	if plain, err := url.PathUnescape(raw); err == nil {
		return plain, true
	}
	return raw, true
}
