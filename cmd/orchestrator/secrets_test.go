package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// Each secret is there while the fleet runs, for the workers only, and gone with it.
func TestLaunchSecrets(t *testing.T) {
	t.Parallel()
	const url, key = "https://user:hunter2@proxy.example/rotate", "sk-ant-hunter2"
	t.Run("proxy", func(t *testing.T) {
		t.Parallel()
		launchWithSecret(t, workerimage.SecretProxyURL, url, "POSTFLEET_PROXY_ROTATE_URL="+url)
	})
	t.Run("model", func(t *testing.T) {
		t.Parallel()
		w := launchWithSecret(t, workerimage.SecretAnthropicKey, key,
			"ANTHROPIC_API_KEY="+key, "POSTFLEET_NAVIGATOR_MODE=recipe+claude")
		if !exists(w.path("data/model-budget.json")) {
			t.Error("no budget was begun")
		}
	})
}

func launchWithSecret(t *testing.T, name, secret string, environ ...string) *world {
	t.Helper()
	w := newWorld(t, twoJobs)
	w.app.environ = environ
	w.engine.Run = func(
		ctx context.Context, spec workerimage.Container, signals <-chan orchestrator.Signal,
	) orchestrator.Exit {
		for _, m := range spec.Mounts {
			if m.Target == workerimage.SecretsDir {
				checkSecret(t, filepath.Join(m.Source, name), secret)
				return postingWorker(ctx, spec, signals)
			}
		}
		t.Error("got no mount of secrets, want one")
		return postingWorker(ctx, spec, signals)
	}
	w.must("launch")
	if exists(w.path("data/.secrets")) {
		t.Error("the secrets are still there, want them gone")
	}
	for name, text := range w.tree() {
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s holds the secret", name)
		}
	}
	if strings.Contains(w.out.String()+w.err.String(), "hunter2") {
		t.Error("the output holds the secret")
	}
	return w
}

func checkSecret(t *testing.T, path, want string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || string(b) != want {
		t.Errorf("got secret %q, error %v", b, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("got mode %v, error %v; want 0400", info.Mode(), err)
	}
}
