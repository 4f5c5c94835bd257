package dockerengine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"

	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// shortID is how much of an id people are shown.
const shortID = 12

// Start implements orchestrator.Engine.
func (e *Engine) Start(ctx context.Context, spec workerimage.Container) (orchestrator.Container, error) {
	spec, err := e.inProject(ctx, spec)
	if err != nil {
		return orchestrator.Container{}, err
	}
	id, err := e.create(ctx, spec)
	if errdefs.IsConflict(err) {
		if err := e.evict(ctx, spec); err != nil {
			return orchestrator.Container{}, err
		}
		id, err = e.create(ctx, spec)
	}
	if err != nil {
		return orchestrator.Container{}, e.explainCreate(ctx, spec, err)
	}
	c, err := e.startCreated(ctx, spec, id)
	if err != nil {
		return orchestrator.Container{}, errors.Join(err, e.Remove(context.WithoutCancel(ctx), id))
	}
	return c, nil
}

// inProject is spec with the labels of the compose project that we are in, if
// any.
func (e *Engine) inProject(ctx context.Context, spec workerimage.Container) (workerimage.Container, error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	s, err := e.whoami(ctx)
	return s.inProject(spec), err
}

// create asks for the container. The error is the client's own.
func (e *Engine) create(ctx context.Context, spec workerimage.Container) (string, error) {
	call, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	resp, err := e.api.ContainerCreate(call, toConfig(spec), toHostConfig(spec), toNetworking(spec), nil, spec.Name)
	if err != nil && !isAnswer(err) {
		// Nobody told us, but it may be there all the same.
		err = errors.Join(err, e.discard(context.WithoutCancel(ctx), spec))
	}
	return resp.ID, err
}

// isAnswer reports whether the engine itself said no.
func isAnswer(err error) bool {
	return errdefs.IsConflict(err) || errdefs.IsNotFound(err) || errdefs.IsInvalidArgument(err)
}

// startCreated starts it and looks at what came of it.
func (e *Engine) startCreated(
	ctx context.Context, spec workerimage.Container, id string,
) (orchestrator.Container, error) {
	call, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	err := e.api.ContainerStart(call, id, container.StartOptions{})
	if errdefs.IsNotFound(err) { // its network, as a rule; the container is there
		return orchestrator.Container{}, fmt.Errorf("start %s: %w", spec.Name, err)
	}
	if err != nil {
		return orchestrator.Container{}, e.classify(call, "start "+spec.Name, err)
	}
	inside, err := e.inside(call)
	if err != nil {
		return orchestrator.Container{}, err
	}
	c, err := e.api.ContainerInspect(call, id)
	if err != nil {
		return orchestrator.Container{}, e.classify(call, "look at "+spec.Name, err)
	}
	return observed(c, inside), nil
}

// evict frees spec's name: the container that has it is removed, if it is of
// spec's fleet. An engine that was killed may keep a container it cannot remove
// ("device or resource busy") until it is started again; that one gets another
// name, so that the slot need not wait for that.
func (e *Engine) evict(ctx context.Context, spec workerimage.Container) error {
	call, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	c, err := e.api.ContainerInspect(call, spec.Name)
	if errdefs.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return e.classify(call, "look at "+spec.Name, err)
	}
	if c.Config.Labels[workerimage.LabelFleet] != spec.Labels[workerimage.LabelFleet] {
		return fmt.Errorf("start %s: %w by one that is not of fleet %q: remove it, or give the fleet another name",
			spec.Name, orchestrator.ErrNameTaken, spec.Labels[workerimage.LabelFleet])
	}
	if err := e.Remove(ctx, c.ID); err != nil {
		if renameErr := e.setAside(ctx, c.ID, spec.Name); renameErr != nil {
			return errors.Join(err, renameErr)
		}
	}
	return nil
}

// setAside gives a container that cannot be removed a name that nobody wants.
// One that runs keeps its own: its worker still holds the phone.
func (e *Engine) setAside(ctx context.Context, id, name string) error {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	c, err := e.api.ContainerInspect(ctx, id)
	if err != nil {
		return e.classify(ctx, "look at "+name, err)
	}
	if c.State == nil || c.State.Running {
		return fmt.Errorf("start %s: %w by one that runs and cannot be removed: see the engine's log", name,
			orchestrator.ErrNameTaken)
	}
	err = e.api.ContainerRename(ctx, id, name+"-stuck-"+id[:min(len(id), shortID)])
	return e.classify(ctx, "rename "+name, err)
}

// discard removes what a create of ours may have left without our knowing.
func (e *Engine) discard(ctx context.Context, spec workerimage.Container) error {
	call, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	c, err := e.api.ContainerInspect(call, spec.Name)
	if err != nil || c.State == nil || c.State.Status != container.StateCreated {
		return nil // gone, or an engine that answers nobody
	}
	for k, v := range spec.Labels {
		if c.Config.Labels[k] != v {
			return nil
		}
	}
	return e.Remove(ctx, c.ID)
}

// explainCreate finds out what was not found: the image, as a rule.
func (e *Engine) explainCreate(ctx context.Context, spec workerimage.Container, err error) error {
	call, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	if errdefs.IsNotFound(err) {
		if _, imageErr := e.api.ImageInspect(call, spec.Image); errdefs.IsNotFound(imageErr) {
			return noImage(spec.Image)
		}
		return fmt.Errorf("create %s: %w", spec.Name, err)
	}
	return e.classify(call, "create "+spec.Name, err)
}

// Signal implements orchestrator.Engine.
func (e *Engine) Signal(ctx context.Context, id string, s orchestrator.Signal) error {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	err := e.api.ContainerKill(ctx, id, string(s))
	if errdefs.IsNotFound(err) || errdefs.IsConflict(err) { // conflict: it does not run
		return nil
	}
	return e.classify(ctx, "signal "+id, err)
}

// Remove implements orchestrator.Engine.
func (e *Engine) Remove(ctx context.Context, id string) error {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	err := e.api.ContainerRemove(ctx, id, container.RemoveOptions{Force: true, RemoveVolumes: true})
	if errdefs.IsNotFound(err) || errdefs.IsConflict(err) { // conflict: its removal is in progress
		return nil
	}
	return e.classify(ctx, "remove "+id, err)
}

// List implements orchestrator.Engine. It is one call however many containers
// there are: a running fleet is listed every few seconds.
func (e *Engine) List(ctx context.Context, fleet string) ([]orchestrator.Container, error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	inside, err := e.inside(ctx)
	if err != nil {
		return nil, err
	}
	label := filters.Arg("label", workerimage.LabelFleet+"="+fleet)
	found, err := e.api.ContainerList(ctx, container.ListOptions{All: true, Filters: filters.NewArgs(label)})
	if err != nil {
		return nil, e.classify(ctx, "list containers", err)
	}
	all := make([]orchestrator.Container, 0, len(found))
	for _, c := range found {
		all = append(all, listed(c, inside))
	}
	slices.SortFunc(all, func(a, b orchestrator.Container) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}
