package workerimage_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/workerimage"
)

// full returns settings in which no field is zero, so that a field that gets
// lost on the way shows.
func full(t *testing.T) workerimage.Settings {
	t.Helper()
	s := workerimage.Settings{
		Fleet: "f", WorkerID: 3,
		Device: workerimage.Device{
			Name: "d", Address: "h:1", Attached: true, ADBServer: "h:5037", UDID: "u",
			CloudPhone: "c", Accounts: []string{"ü \"a\""}, ReservedAccounts: []string{"b"},
		},
		AppiumStartCmd: "npx appium", AppiumArgs: []string{"--x", "a b"},
		RecycleJobs: 9, RecycleMemory: 10, StopTimeout: workerimage.Duration(2 * time.Minute),
		AppiumPort: 1, SystemPort: 2, MJPEGPort: 3, ChromedriverPort: 4,
		Recipe: "builtin:x", MaxSteps: 5, MaxAttempts: 6, RetryDelay: workerimage.Duration(90 * time.Second),
		MaxPostsPerDay: 7, TimeZone: "Europe/Berlin", TrustFileSystem: true,
		Proxy: workerimage.Proxy{Secret: "s", Timeout: workerimage.Duration(time.Second), Attempts: 8, Required: true},
		Geelark: workerimage.Geelark{
			BaseURL: "https://h", KeepWarm: 1, EnergySaving: true, StartTimeout: 2, ADBTimeout: 3, StopTimeout: 4,
			LoginEvery: 5, PollEvery: 6, RequestsPerMinute: 7, SlowLink: 8,
		},
		Claude: workerimage.Claude{
			Mode: "claude", Model: "m", BaseURL: "https://m",
			MaxCallsPerJob: 9, MaxCostUSDPerJob: 0.5, MaxCostUSDPerRun: 2.5,
		},
		JobTimeout: workerimage.Duration(time.Hour), VerifyTimeout: workerimage.Duration(time.Second),
		DrainTimeout: workerimage.Duration(time.Minute),
	}
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Fatalf("the test says nothing about %s: set it", v.Type().Field(i).Name)
		}
	}
	return s
}

func TestSettingsRoundTrip(t *testing.T) {
	t.Parallel()
	want := full(t)
	text, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, `"retry_delay":"1m30s"`) {
		t.Errorf("durations are to be readable: %s", text)
	}
	got, err := workerimage.DecodeSettings(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSettingsOfAnotherVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"fleet":"f","new_key":1}`:  "new_key",
		`{"retry_delay":"soon"}`:     "soon",
		`{`:                          workerimage.EnvSettings,
		``:                           workerimage.EnvSettings,
		`{"worker_id":"not number"}`: "worker_id",
	} {
		_, err := workerimage.DecodeSettings(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to name %s", text, err, want)
		}
	}
}
