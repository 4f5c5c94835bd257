package geelark_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"postfleet/internal/fault"
	"postfleet/internal/geelark"
)

// Whoever has the address may put a file there: neither an error shows it, nor
// is anything that proves who we are sent to it.
func TestPut(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"refused":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) },
		"broken":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/planted", http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPut || r.Header.Get("Authorization") != "" || r.ContentLength != 4 {
					t.Errorf("got %s with %v", r.Method, r.Header)
				}
				handler(w, r)
			}))
			defer store.Close()
			to := geelark.UploadTarget{PutURL: store.URL + "/a?sig=planted"}
			c := client(t, geelark.Config{}, http.NotFound)
			for _, target := range []geelark.UploadTarget{to, {PutURL: "://planted"}} {
				err := c.Put(t.Context(), target, strings.NewReader("file"), 4)
				if !fault.Is(err, fault.Infra) || strings.Contains(err.Error(), "planted") {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}
