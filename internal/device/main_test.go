package device_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"postfleet/internal/adb/adbtest"
)

// fake is the adb program that the controllers of all tests run.
var fake adbtest.Fake

func TestMain(m *testing.M) {
	var err error
	if fake, err = adbtest.Install(); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = fake.Remove()
		os.Exit(code) //nolint:forbidigo // what VerifyTestMain does without a clean-up
	}))
}
