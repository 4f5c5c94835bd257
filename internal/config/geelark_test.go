package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postfleet/internal/config"
	"postfleet/internal/fault"
)

const cloudDevices = "devices: [{name: c0, connect: \"geelark://by-account\"}, " +
	"{name: c1, connect: \"geelark://by-account\"}]"

// Credentials are wanted where a cloud phone is, from variables or files.
func TestSecrets(t *testing.T) {
	t.Parallel()
	const planted = "planted-4711"
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(planted+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, yaml string
		environ    []string
		want       string // in the error; "" for none
	}{
		{"token", cloudDevices, []string{"GEELARK_TOKEN=" + planted}, ""},
		{"token in a file", cloudDevices, []string{"GEELARK_TOKEN_FILE=" + file}, ""},
		{"key", cloudDevices, []string{"GEELARK_APP_ID=a", "GEELARK_API_KEY_FILE=" + file}, ""},
		{"none needed", "devices: [{name: s, connect: sim}]", nil, ""},
		{"none", cloudDevices, nil, "environment: GEELARK_TOKEN: is not set, and c0 is a cloud phone"},
		{"half", cloudDevices, []string{"GEELARK_APP_ID=a"}, "GEELARK_TOKEN: is not set"},
		{
			"both", cloudDevices,
			[]string{"GEELARK_APP_ID=" + planted, "GEELARK_TOKEN=" + planted},
			"unset one of the two",
		},
		{
			"no file", cloudDevices,
			[]string{"GEELARK_TOKEN_FILE=" + file + "x"},
			"environment: GEELARK_TOKEN_FILE: is no file",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(config.Options{Path: writeFile(t, tt.yaml), Environ: tt.environ})
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if got.HasCloudPhones() != got.Secrets.Complete() {
					t.Errorf("secrets are complete: %v", got.Secrets.Complete())
				}
			} else if !fault.Is(err, fault.Input) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			if shown := fmt.Sprintf("%v %+v %#v %v", got, got, got, err); strings.Contains(shown, planted) {
				t.Errorf("a secret is shown: %s", shown)
			}
		})
	}
}

// A command that only stops a fleet needs no credentials to be told which.
func TestSecretsOfOnly(t *testing.T) {
	t.Parallel()
	if _, err := config.Load(config.Options{Path: writeFile(t, cloudDevices), Only: []string{"fleet"}}); err != nil {
		t.Error(err)
	}
}
