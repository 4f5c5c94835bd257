package dockerengine

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/workerimage"
)

// inProjectUp is an orchestrator that docker compose started.
func inProjectUp() self {
	return self{id: "me", labels: map[string]string{
		"com.docker.compose.project":             "up",
		"com.docker.compose.project.working_dir": "/srv",
		"com.docker.compose.version":             "2.40.3",
		"com.docker.compose.service":             "orchestrator",
		"com.docker.compose.container-number":    "1",
		"com.docker.compose.depends_on":          "workers:service_started:false",
		"com.docker.compose.image":               "sha256:0",
		"something.else":                         "x",
	}}
}

func TestPartOfAComposeProject(t *testing.T) {
	t.Parallel()
	spec := func(role string) workerimage.Container {
		return workerimage.Container{Name: "n", Labels: map[string]string{
			workerimage.LabelRole: role, workerimage.LabelWorker: "4", workerimage.LabelSpec: "hash",
		}}
	}
	for role, service := range map[string]string{
		workerimage.RoleWorker: "workers", workerimage.RolePhone: "phones",
	} {
		want := spec(role).WithLabels(map[string]string{
			"com.docker.compose.project":             "up",
			"com.docker.compose.project.working_dir": "/srv",
			"com.docker.compose.version":             "2.40.3",
			"com.docker.compose.service":             service,
			"com.docker.compose.container-number":    "5",
			"com.docker.compose.oneoff":              "False",
			"com.docker.compose.config-hash":         "hash",
		})
		if diff := cmp.Diff(want, inProjectUp().inProject(spec(role))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
		if diff := cmp.Diff(spec(role), self{}.inProject(spec(role))); diff != "" {
			t.Errorf("%s, outside of a project (-want +got):\n%s", role, diff)
		}
	}
	trial := workerimage.Container{Name: "doctor", Labels: map[string]string{workerimage.LabelFleet: "doctor:f"}}
	if diff := cmp.Diff(trial, inProjectUp().inProject(trial)); diff != "" {
		t.Errorf("what is no worker and no phone (-want +got):\n%s", diff)
	}
}

func TestNetworkOfAComposeProject(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"com.docker.compose.project":             "up",
		"com.docker.compose.project.working_dir": "/srv",
		"com.docker.compose.version":             "2.40.3",
		"com.docker.compose.network":             "fleet",
	}
	if diff := cmp.Diff(want, inProjectUp().networkInProject()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (self{}).networkInProject(); len(got) != 0 {
		t.Errorf("outside of a project: got %v, want none", got)
	}
}
