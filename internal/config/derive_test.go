package config_test

import (
	"testing"

	"postfleet/internal/config"
)

func TestNetwork(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, want string }{
		{"default fleet", "fleet: default", "postfleet"},
		{"another fleet has its own", "fleet: spring", "postfleet-spring"},
		{"as it was named", "{fleet: spring, docker: {network: shared}}", "shared"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(config.Options{Path: writeFile(t, tt.file), Simulate: true})
			if err != nil {
				t.Fatal(err)
			}
			if got.Derived.Network != tt.want {
				t.Errorf("network: got %q, want %q", got.Derived.Network, tt.want)
			}
		})
	}
}
