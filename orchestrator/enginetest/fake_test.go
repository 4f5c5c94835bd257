package enginetest_test

import (
	"testing"

	"go.uber.org/goleak"

	"postfleet/orchestrator/enginetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFakeIsAnEngine(t *testing.T) {
	t.Parallel()
	fake := &enginetest.Fake{Images: []string{enginetest.FakeImage}}
	defer fake.Close()
	enginetest.Run(t, fake, enginetest.FakePrograms())
}
