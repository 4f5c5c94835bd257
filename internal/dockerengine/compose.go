package dockerengine

import (
	"strconv"

	"postfleet/workerimage"
)

// The labels by which docker compose finds what belongs to a project, see
// pkg/api/labels.go there. Its "down" takes every container that has the
// project's name, any config hash, is no one-off, and is of one of the file's
// services.
const (
	composeProject = "com.docker.compose.project"
	composeService = "com.docker.compose.service"
	composeNetwork = "com.docker.compose.network"
	composeNumber  = "com.docker.compose.container-number"
	composeOneOff  = "com.docker.compose.oneoff"
	composeHash    = "com.docker.compose.config-hash"
)

// The names under which the fleet is in the compose project that its
// orchestrator is in: services with a scale of 0, and a network.
const (
	workersService = "workers"
	phonesService  = "phones"
	fleetNetwork   = "fleet"
)

// composeShared are the labels that all of a project have alike.
func composeShared() []string {
	return []string{
		composeProject, "com.docker.compose.project.working_dir", "com.docker.compose.project.config_files",
		"com.docker.compose.project.environment_file", "com.docker.compose.version",
	}
}

// inProject adds to a worker's or phone's labels those that make it part of the
// compose project that we are in, so that it ends with that. A service of its
// own keeps its end from being ours.
func (s self) inProject(c workerimage.Container) workerimage.Container {
	service := map[string]string{
		workerimage.RoleWorker: workersService, workerimage.RolePhone: phonesService,
	}[c.Labels[workerimage.LabelRole]]
	number, err := strconv.Atoi(c.Labels[workerimage.LabelWorker])
	labels := s.project()
	if len(labels) == 0 || service == "" || err != nil {
		return c
	}
	labels[composeService], labels[composeNumber] = service, strconv.Itoa(number+1)
	labels[composeOneOff], labels[composeHash] = "False", c.Labels[workerimage.LabelSpec]
	return c.WithLabels(labels)
}

// networkInProject are the labels, in a map of the caller's own, that make the
// fleet's network part of that project.
func (s self) networkInProject() map[string]string {
	labels := s.project()
	if len(labels) > 0 {
		labels[composeNetwork] = fleetNetwork
	}
	return labels
}

// project are the labels that name the project; none when we are in none.
func (s self) project() map[string]string {
	labels := map[string]string{}
	if s.labels[composeProject] == "" {
		return labels
	}
	for _, name := range composeShared() {
		if value, ok := s.labels[name]; ok {
			labels[name] = value
		}
	}
	return labels
}
