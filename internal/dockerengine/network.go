package dockerengine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/network"

	"postfleet/workerimage"
)

// EnsureNetwork implements orchestrator.Engine.
func (e *Engine) EnsureNetwork(ctx context.Context, name, fleet string) error {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	found, err := e.networksNamed(ctx, name)
	switch {
	case err != nil:
	case len(found) == 0:
		err = e.createNetwork(ctx, name, fleet)
	default:
		err = e.leaveOne(ctx, found)
	}
	if err != nil {
		return e.classify(ctx, "make network "+name, err)
	}
	if err := e.join(ctx, name); err != nil {
		return errors.Join(err, e.RemoveNetwork(context.WithoutCancel(ctx), name, fleet))
	}
	return nil
}

// createNetwork makes the network. The engine's own check for duplicates does
// not hold against others who ask at the same moment, so whoever sees several
// leaves one.
func (e *Engine) createNetwork(ctx context.Context, name, fleet string) error {
	s, err := e.whoami(ctx)
	if err != nil {
		return err
	}
	labels := s.networkInProject()
	labels[workerimage.LabelFleet] = fleet
	_, err = e.api.NetworkCreate(ctx, name, network.CreateOptions{Driver: "bridge", Labels: labels})
	if errdefs.IsConflict(err) {
		return nil
	}
	if err != nil {
		return err
	}
	same, err := e.networksNamed(ctx, name)
	if err != nil {
		return err
	}
	return e.leaveOne(ctx, same)
}

// leaveOne removes all networks of one name but the first by age and id, or but
// the one that somebody is on already. It is not enough that each maker judges
// its own: an older network may show later than a younger one, and then the
// maker of the younger has looked in vain.
func (e *Engine) leaveOne(ctx context.Context, same []network.Summary) error {
	for i := 1; i < len(same); i++ {
		err := e.api.NetworkRemove(ctx, same[i].ID)
		if stays(err) {
			same[0], same[i] = same[i], same[0]
			err = e.api.NetworkRemove(ctx, same[i].ID)
		}
		if err != nil && !errdefs.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// networksNamed returns the networks of that very name, oldest first.
func (e *Engine) networksNamed(ctx context.Context, name string) ([]network.Summary, error) {
	found, err := e.api.NetworkList(ctx, network.ListOptions{Filters: filters.NewArgs(filters.Arg("name", name))})
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(n network.Summary) bool { return n.Name != name })
	slices.SortFunc(found, func(a, b network.Summary) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return found, nil
}

// join puts our own container on the network.
func (e *Engine) join(ctx context.Context, name string) error {
	s, err := e.whoami(ctx)
	if err != nil || s.id == "" {
		return err
	}
	me, err := e.api.ContainerInspect(ctx, s.id)
	if err != nil {
		return e.classify(ctx, "look at our own container", err)
	}
	if me.NetworkSettings != nil && me.NetworkSettings.Networks[name] != nil {
		return nil
	}
	return e.classify(ctx, "join network "+name, e.api.NetworkConnect(ctx, name, s.id, nil))
}

// RemoveNetwork implements orchestrator.Engine.
func (e *Engine) RemoveNetwork(ctx context.Context, name, fleet string) error {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	n, err := e.api.NetworkInspect(ctx, name, network.InspectOptions{})
	if errdefs.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return e.classify(ctx, "look at network "+name, err)
	}
	s, err := e.whoami(ctx)
	if err != nil {
		return err
	}
	_, joined := n.Containers[s.id]
	others := len(n.Containers)
	if joined {
		others--
	}
	if n.Labels[workerimage.LabelFleet] != fleet || others > 0 {
		return nil
	}
	if joined {
		if err := e.api.NetworkDisconnect(ctx, n.ID, s.id, true); err != nil && !errdefs.IsNotFound(err) {
			return e.classify(ctx, "leave network "+name, err)
		}
	}
	err = e.api.NetworkRemove(ctx, n.ID)
	if stays(err) || errdefs.IsNotFound(err) {
		return nil
	}
	return e.classify(ctx, "remove network "+name, err)
}

// stays reports whether the engine kept a network because it is in use: engines
// before 25 say forbidden, later ones conflict.
func stays(err error) bool { return errdefs.IsPermissionDenied(err) || errdefs.IsConflict(err) }
