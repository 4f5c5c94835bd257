package dockerengine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/network"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// About is an engine as it describes itself.
type About struct {
	// Host is where it was reached, as DOCKER_HOST names it.
	Host string
	// Version is the engine's own, API the newest it speaks.
	Version, API string
	// System is what it runs on, such as "Docker Desktop".
	System string
	// Rootless: it runs as a user, whose files are root's in a container.
	Rootless bool
	// RemapsUsers: a user in a container is another one on the host.
	RemapsUsers bool
	// Inside: this process is in one of its containers.
	Inside bool
}

// About asks the engine what it is. It is for people: nothing else depends on it.
func (e *Engine) About(ctx context.Context) (About, error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	ping, err := e.api.Ping(ctx)
	if err != nil {
		return About{}, e.classify(ctx, "ask for its version", err)
	}
	info, err := e.api.Info(ctx)
	if err != nil {
		return About{}, e.classify(ctx, "ask what it is", err)
	}
	inside, err := e.inside(ctx)
	if err != nil {
		return About{}, err
	}
	return About{
		Host: e.api.DaemonHost(), Version: info.ServerVersion, API: ping.APIVersion, System: info.OperatingSystem,
		Rootless: hasOption(info.SecurityOptions, "rootless"), RemapsUsers: hasOption(info.SecurityOptions, "userns"),
		Inside: inside,
	}, nil
}

// hasOption finds a security option by its name; they come as "name=userns" or
// "name=seccomp,profile=default".
func hasOption(options []string, name string) bool {
	return slices.ContainsFunc(options, func(option string) bool {
		first, _, _ := strings.Cut(option, ",")
		return strings.TrimPrefix(first, "name=") == name
	})
}

// Image returns the id of the image, or orchestrator.ErrNoImage with the mend.
func (e *Engine) Image(ctx context.Context, ref string) (string, error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	image, err := e.api.ImageInspect(ctx, ref)
	if errdefs.IsNotFound(err) {
		return "", noImage(ref)
	}
	if err != nil {
		return "", e.classify(ctx, "look at image "+ref, err)
	}
	return image.ID, nil
}

func noImage(ref string) error {
	return fmt.Errorf("%w: %s: build it with: make image", orchestrator.ErrNoImage, ref)
}

// Networks returns the names of the networks that carry the fleet's label, in order.
func (e *Engine) Networks(ctx context.Context, fleet string) ([]string, error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	label := filters.Arg("label", workerimage.LabelFleet+"="+fleet)
	found, err := e.api.NetworkList(ctx, network.ListOptions{Filters: filters.NewArgs(label)})
	if err != nil {
		return nil, e.classify(ctx, "list networks", err)
	}
	names := make([]string, 0, len(found))
	for _, n := range found {
		names = append(names, n.Name)
	}
	slices.SortFunc(names, cmp.Compare)
	return names, nil
}
