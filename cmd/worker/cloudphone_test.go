package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"postfleet/internal/device"
	"postfleet/internal/logging"
	"postfleet/workerimage"
)

// The credentials are read from their files, and the phone is rented by account
// or by name.
func TestCloudPhoneIsRented(t *testing.T) {
	t.Parallel()
	a, _ := newApp(t, "")
	if err := os.MkdirAll(a.places.secrets, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		workerimage.SecretGeelarkAppID: "app\n", workerimage.SecretGeelarkAPIKey: "key\n",
	} {
		if err := os.WriteFile(filepath.Join(a.places.secrets, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := goodSettings()
	account, err := a.openAccount(s, logging.Discard())
	if err != nil {
		t.Fatal(err)
	}
	defer account.Close() //nolint:errcheck // nothing was written
	if got, err := a.credentials(); err != nil || got.AppID != "app" || got.APIKey != "key" || got.Token != "" {
		t.Errorf("credentials: got %v", err)
	}
	for name, want := range map[string]bool{workerimage.ByAccount: true, "lab": false} {
		s.Device.CloudPhone = name
		if got := cloudPhone(s, account, device.Config{}, logging.Discard()).PerAccount(); got != want {
			t.Errorf("%s: got a phone for each account %v, want %v", name, got, want)
		}
	}
}

// What the worker's health allows a start and a stop nests around what they take.
func TestRentTimes(t *testing.T) {
	t.Parallel()
	minute := workerimage.Duration(time.Minute)
	g := workerimage.Geelark{StartTimeout: 4 * minute, ADBTimeout: 2 * minute, StopTimeout: 3 * minute}
	if got := rentTime(g); got <= 12*time.Minute {
		t.Errorf("got %s for a start, want more than start, adb and two stops", got)
	}
	if got := stopTime(g); got <= 3*time.Minute {
		t.Errorf("got %s for a stop", got)
	}
	if rentTime(workerimage.Geelark{}) != 0 || stopTime(workerimage.Geelark{}) != 0 {
		t.Error("what is not said is the worker's default")
	}
}
