package geelark

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
)

// The headers of a request.
const (
	headerTraceID   = "traceId"
	headerAppID     = "appId"
	headerTimestamp = "ts"
	headerNonce     = "nonce"
	headerSign      = "sign"
)

// nonceLength is how many characters of the trace id are the nonce.
const nonceLength = 6

// admits checks who calls: that the trace id is a UUID of version 4, and that
// the token or the signature is right. How old a signature is does not matter,
// as nothing is documented about it.
func (c Config) admits(h http.Header) code {
	trace := h.Get(headerTraceID)
	switch {
	case trace == "":
		return codeNoTraceID
	case !isUUID4(trace):
		return codeBadParameter
	}
	if token, ok := strings.CutPrefix(h.Get("Authorization"), "Bearer "); ok {
		if c.Token != "" && same(token, c.Token) {
			return codeOK
		}
		return codeBadSignature
	}
	if c.APIKey == "" || !same(h.Get(headerAppID), c.AppID) || h.Get(headerNonce) != trace[:nonceLength] {
		return codeBadSignature
	}
	sum := sha256.Sum256([]byte(c.AppID + trace + h.Get(headerTimestamp) + h.Get(headerNonce) + c.APIKey))
	if !same(h.Get(headerSign), strings.ToUpper(hex.EncodeToString(sum[:]))) {
		return codeBadSignature
	}
	return codeOK
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// isUUID4 reports whether s is a UUID of version 4, in either case.
func isUUID4(s string) bool {
	const length, version = 36, 14
	if len(s) != length || s[version] != '4' {
		return false
	}
	for i, c := range strings.ToLower(s) {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !strings.ContainsRune("0123456789abcdef", c) {
				return false
			}
		}
	}
	return true
}
