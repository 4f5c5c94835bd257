package geelark

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
)

func TestAuth(t *testing.T) {
	t.Parallel()
	cfg := testConfig("a")
	cfg.AppID, cfg.APIKey = "eH6gQR4oHr3FsZpI36La01IW", "YjmFIUuq0oJgSDJ42fxLEb6R1qjjqf"
	signed := map[string]string{ // The vector of the documents.
		"traceId": testTraceID, "appId": cfg.AppID, "ts": "1716972892166", "nonce": "db6094",
		"sign": "6280C080AF7C3CCE168F15C913E3444A00A618CB0E16038EED9811D6E3366BDD",
	}
	token := map[string]string{"traceId": testTraceID, "Authorization": "Bearer " + testToken}
	cases := []struct {
		name   string
		base   map[string]string
		change map[string]string
		want   code
	}{
		{"the documented signature", signed, nil, codeOK},
		{"a token", token, nil, codeOK},
		{"upper case", token, map[string]string{"traceId": "DB6094AB-3797-4186-84D5-B0B58EEBAD56"}, codeOK},
		{"other time", signed, map[string]string{"ts": "1716972892167"}, codeBadSignature},
		{"lower case signature", signed, map[string]string{
			"sign": "6280c080af7c3cce168f15c913e3444a00a618cb0e16038eed9811d6e3366bdd",
		}, codeBadSignature},
		{"no signature", signed, map[string]string{"sign": ""}, codeBadSignature},
		{"other nonce", signed, map[string]string{"nonce": "db6095"}, codeBadSignature},
		{"other app", signed, map[string]string{"appId": "x"}, codeBadSignature},
		{"other token", token, map[string]string{"Authorization": "Bearer x"}, codeBadSignature},
		{"no token", token, map[string]string{"Authorization": ""}, codeBadSignature},
		{"no scheme", token, map[string]string{"Authorization": testToken}, codeBadSignature},
		{"no trace", token, map[string]string{"traceId": ""}, codeNoTraceID},
		{"trace of version 1", token, map[string]string{
			"traceId": "db6094ab-3797-1186-84d5-b0b58eebad56",
		}, codeBadParameter},
		{"trace that is none", token, map[string]string{
			"traceId": "db6094ab-3797-4186-84d5-b0b58eebad5x",
		}, codeBadParameter},
	}
	for _, tc := range cases {
		h := http.Header{}
		for _, m := range []map[string]string{tc.base, tc.change} {
			for k, v := range m {
				h.Set(k, v)
			}
		}
		if got := cfg.admits(h); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
	h := http.Header{}
	for k, v := range signed {
		h.Set(k, v)
	}
	h.Set("nonce", "abcdef") // Well signed, but not the trace id's.
	sum := sha256.Sum256([]byte(cfg.AppID + testTraceID + signed["ts"] + "abcdef" + cfg.APIKey))
	h.Set("sign", strings.ToUpper(hex.EncodeToString(sum[:])))
	if got := cfg.admits(h); got != codeBadSignature {
		t.Errorf("a nonce of its own: got %v, want %v", got, codeBadSignature)
	}
	cfg.Token = ""
	if got := cfg.admits(http.Header{"Traceid": {testTraceID}, "Authorization": {"Bearer "}}); got != codeBadSignature {
		t.Errorf("no token is set: got %v for an empty one", got)
	}
}
