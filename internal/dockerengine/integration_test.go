//go:build integration

package dockerengine_test

import (
	"fmt"
	"strconv"
	"testing"

	"postfleet/internal/dockerengine"
	"postfleet/orchestrator/enginetest"
)

// image is what "make image" builds; it has a shell.
const image = "postfleet-worker:dev"

func TestIntegrationEngine(t *testing.T) {
	engine, err := dockerengine.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	enginetest.Run(t, engine, programs())
}

func programs() enginetest.Programs {
	sh := func(script string) []string { return []string{"sh", "-c", script} }
	return enginetest.Programs{
		Image: image,
		Exit:  func(code int) []string { return sh("echo bye; exit " + strconv.Itoa(code)) },
		Term: func(code int) []string {
			return sh(fmt.Sprintf("trap 'exit %d' TERM; while :; do sleep 0.1; done", code))
		},
		Run: []string{"sleep", "3600"},
	}
}
