//go:build integration

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// control asks a phone's control API; out may be nil.
func control(ctx context.Context, n int, method, path, body string, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	url := fmt.Sprintf("http://127.0.0.1:%d%s", controlBase+n, path)
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s", method, url, resp.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// fault waits for the phone and makes it misbehave.
func fault(t *testing.T, n int, body string) {
	t.Helper()
	eventually(t, fmt.Sprintf("phone %d takes the fault %s", n, body), func() bool {
		return control(t.Context(), n, http.MethodPost, "/faults", body, nil) == nil
	})
}
