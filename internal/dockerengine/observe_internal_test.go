package dockerengine

import (
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/google/go-cmp/cmp"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// TestListIsOneCall: what a list says is enough, however many there are. The
// answer is what Docker 20.10 says.
func TestListIsOneCall(t *testing.T) {
	t.Parallel()
	d := newDaemon(t)
	d.answers["GET /containers/json"] = answer{status: 200, body: `[
		{"Id":"w","Names":["/f-worker-0"],"Created":1767323045,"State":"running","Status":"Up 2 minutes (healthy)",
		 "Labels":{"postfleet.fleet":"f"},
		 "Ports":[{"IP":"127.0.0.1","PrivatePort":4723,"PublicPort":4723,"Type":"tcp"}]},
		{"Id":"p","Names":["/x/alias","/f-phone-0"],"Created":1767323044,"State":"exited",
		 "Status":"Exited (0) 1 second ago","Labels":{"postfleet.fleet":"f"},"Ports":[]}]`}
	got, err := d.engine(outside(t)).List(t.Context(), "f")
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]string{workerimage.LabelFleet: "f"}
	want := []orchestrator.Container{
		{
			ID: "p", Name: "f-phone-0", Labels: labels, State: orchestrator.StateExited,
			Started: time.Unix(1767323044, 0), Addresses: map[int]string{},
		},
		{
			ID: "w", Name: "f-worker-0", Labels: labels, State: orchestrator.StateRunning,
			Health: orchestrator.HealthHealthy, Started: time.Unix(1767323045, 0),
			Addresses: map[int]string{4723: "127.0.0.1:4723"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"HEAD /_ping", "GET /containers/json"}, d.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestHealthInAStatus(t *testing.T) {
	t.Parallel()
	cases := map[string]orchestrator.Health{
		"Up 3 seconds":                           orchestrator.HealthNone,
		"Up 3 seconds (health: starting)":        orchestrator.HealthStarting,
		"Up About an hour (healthy)":             orchestrator.HealthHealthy,
		"Up 2 weeks (unhealthy)":                 orchestrator.HealthUnhealthy,
		"Up 3 seconds (Paused)":                  orchestrator.HealthNone,
		"Exited (137) 3 seconds ago":             orchestrator.HealthNone,
		"Restarting (1) Less than a second ago":  orchestrator.HealthNone,
		"Created":                                orchestrator.HealthNone,
		"":                                       orchestrator.HealthNone,
		"Up 3 seconds (some day, something new)": orchestrator.HealthNone,
	}
	for status, want := range cases {
		if got := healthIn(status); got != want {
			t.Errorf("%q: got %q, want %q", status, got, want)
		}
	}
}

func TestListedAddresses(t *testing.T) {
	t.Parallel()
	c := container.Summary{
		Names: []string{"/f-phone-0"}, State: "created", Created: 1,
		Ports: []container.Port{
			{IP: "0.0.0.0", PrivatePort: 8099, PublicPort: 8500, Type: "tcp"},
			{IP: "::", PrivatePort: 8099, PublicPort: 8501, Type: "tcp"},
			{PrivatePort: 5555, Type: "tcp"},
			{IP: "0.0.0.0", PrivatePort: 53, PublicPort: 53, Type: "udp"},
		},
	}
	if diff := cmp.Diff(map[int]string{8099: "127.0.0.1:8500"}, listed(c, false).Addresses); diff != "" {
		t.Errorf("from the host (-want +got):\n%s", diff)
	}
	want := map[int]string{8099: "f-phone-0:8099", 5555: "f-phone-0:5555"}
	got := listed(c, true)
	if diff := cmp.Diff(want, got.Addresses); diff != "" {
		t.Errorf("from a container (-want +got):\n%s", diff)
	}
	if got.State != orchestrator.StateCreated || !got.Started.IsZero() {
		t.Errorf("got %+v, want one that never ran", got)
	}
}
