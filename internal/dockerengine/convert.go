package dockerengine

import (
	"maps"
	"slices"
	"strconv"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/go-connections/nat"

	"postfleet/workerimage"
)

const (
	logMaxSize  = "10m"
	logMaxFiles = "3"
	// tmpfsOptions: room for what adb and Appium drop there. It counts as the
	// container's memory.
	tmpfsOptions = "rw,noexec,nosuid,nodev,mode=1777,size=256m"
)

// toConfig is the part of a spec that Docker calls portable.
func toConfig(c workerimage.Container) *container.Config {
	cfg := &container.Config{
		Image:        c.Image,
		Cmd:          c.Command,
		Env:          toEnv(c.Env),
		Labels:       c.Labels,
		User:         c.User,
		ExposedPorts: nat.PortSet{},
		Healthcheck:  toHealth(c.Health),
	}
	for _, p := range c.Ports {
		cfg.ExposedPorts[toPort(p.ContainerPort)] = struct{}{}
	}
	if c.StopTimeout > 0 {
		seconds := int(c.StopTimeout.Seconds())
		cfg.StopTimeout = &seconds
	}
	return cfg
}

// toHostConfig is the rest, and what holds for every container of ours: no
// capability, no new privilege, nothing to write to but mounts and tmpfs, an
// init that reaps, bounded logs, and no restart but the slot's.
func toHostConfig(c workerimage.Container) *container.HostConfig {
	return &container.HostConfig{
		NetworkMode:    container.NetworkMode(c.Network),
		PortBindings:   toBindings(c.Ports),
		Mounts:         toMounts(c.Mounts),
		Tmpfs:          toTmpfs(c.Tmpfs),
		GroupAdd:       c.Groups,
		ExtraHosts:     toHosts(c.HostGateway),
		Resources:      toResources(c),
		Init:           new(true),
		RestartPolicy:  container.RestartPolicy{Name: container.RestartPolicyDisabled},
		CapDrop:        []string{"ALL"},
		SecurityOpt:    []string{"no-new-privileges"},
		ReadonlyRootfs: true,
		LogConfig: container.LogConfig{
			Type:   "json-file",
			Config: map[string]string{"max-size": logMaxSize, "max-file": logMaxFiles},
		},
	}
}

// toNetworking puts the container on its network; nil is the engine's default.
func toNetworking(c workerimage.Container) *network.NetworkingConfig {
	if c.Network == "" {
		return nil
	}
	return &network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{
		c.Network: {Aliases: c.Aliases},
	}}
}

func toEnv(env map[string]string) []string {
	vars := make([]string, 0, len(env))
	for _, k := range slices.Sorted(maps.Keys(env)) {
		vars = append(vars, k+"="+env[k])
	}
	return vars
}

func toHealth(h *workerimage.Health) *container.HealthConfig {
	if h == nil {
		return nil
	}
	return &container.HealthConfig{
		Test:        append([]string{"CMD"}, h.Command...),
		Interval:    h.Interval,
		Timeout:     h.Timeout,
		StartPeriod: h.StartPeriod,
		Retries:     h.Retries,
	}
}

func toPort(port int) nat.Port { return nat.Port(strconv.Itoa(port) + "/tcp") }

func toBindings(ports []workerimage.Port) nat.PortMap {
	bindings := nat.PortMap{}
	for _, p := range ports {
		port := toPort(p.ContainerPort)
		bindings[port] = append(bindings[port], nat.PortBinding{HostIP: p.HostIP, HostPort: strconv.Itoa(p.HostPort)})
	}
	return bindings
}

// toMounts uses mounts, not binds: a source that is missing is an error then,
// where a bind would make it, as root's.
func toMounts(mounts []workerimage.Mount) []mount.Mount {
	var all []mount.Mount
	for _, m := range mounts {
		all = append(all, mount.Mount{
			Type: mount.TypeBind, Source: m.Source, Target: m.Target, ReadOnly: m.ReadOnly,
		})
	}
	return all
}

func toTmpfs(paths []string) map[string]string {
	all := map[string]string{}
	for _, p := range paths {
		all[p] = tmpfsOptions
	}
	return all
}

// toHosts has the engine itself fill in the address.
func toHosts(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name + ":host-gateway"}
}

// toDevices allows no mknod, so that the container can make no file for
// another device.
func toDevices(paths []string) []container.DeviceMapping {
	var all []container.DeviceMapping
	for _, p := range paths {
		all = append(all, container.DeviceMapping{PathOnHost: p, PathInContainer: p, CgroupPermissions: "rw"})
	}
	return all
}

// toResources allows no swap on top of the memory: a worker that swaps is a
// worker that times out.
func toResources(c workerimage.Container) container.Resources {
	r := container.Resources{Memory: c.MemoryBytes, MemorySwap: c.MemoryBytes, NanoCPUs: c.NanoCPUs}
	r.Devices = toDevices(c.Devices)
	if c.PIDs > 0 {
		r.PidsLimit = &c.PIDs
	}
	return r
}
