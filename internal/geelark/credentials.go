package geelark

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Credentials are either a Token, or an AppID with its APIKey. They print as
// "[redacted]", however they are printed.
type Credentials struct {
	Token         string
	AppID, APIKey string
}

const (
	redacted    = "[redacted]"
	nonceLength = 6
)

// String implements fmt.Stringer.
func (Credentials) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Credentials) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (Credentials) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON implements json.Marshaler.
func (Credentials) MarshalJSON() ([]byte, error) { return strconv.AppendQuote(nil, redacted), nil }

// signFunc adds what proves who asks.
type signFunc func(h http.Header, traceID string, now time.Time)

// signer is a function, not a field: a Client that is printed shows no secret.
func (c Credentials) signer() (signFunc, error) {
	switch {
	case c.Token != "" && c.AppID == "" && c.APIKey == "":
		return c.bearer, nil
	case c.Token == "" && c.AppID != "" && c.APIKey != "":
		return c.signature, nil
	default:
		return nil, errors.New("geelark: give a token, or an app id with its API key, and not both")
	}
}

func (c Credentials) bearer(h http.Header, traceID string, _ time.Time) {
	set(h, "traceId", traceID)
	h.Set("Authorization", "Bearer "+c.Token)
}

func (c Credentials) signature(h http.Header, traceID string, now time.Time) {
	ts := strconv.FormatInt(now.UnixMilli(), 10)
	nonce := traceID[:min(nonceLength, len(traceID))]
	sum := sha256.Sum256([]byte(c.AppID + traceID + ts + nonce + c.APIKey))
	set(h, "appId", c.AppID)
	set(h, "traceId", traceID)
	set(h, "ts", ts)
	set(h, "nonce", nonce)
	set(h, "sign", strings.ToUpper(hex.EncodeToString(sum[:])))
}

// set writes the name as the service spells it: a server need not know that
// names have no case.
func set(h http.Header, name, value string) { h[name] = []string{value} }

// redacter returns what takes the secrets out of a text that the service wrote.
func (c Credentials) redacter() func(string) string {
	var pairs []string
	for _, secret := range []string{c.Token, c.APIKey} {
		if secret != "" {
			pairs = append(pairs, secret, redacted)
		}
	}
	return strings.NewReplacer(pairs...).Replace
}
