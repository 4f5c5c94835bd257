package compose

import (
	"strconv"

	"postfleet/workerimage"
)

const (
	logMaxSize  = "10m"
	logMaxFiles = "3"
	// tmpfsOptions: the size counts as the container's memory.
	tmpfsOptions = "rw,noexec,nosuid,nodev,mode=1777,size=256m"
)

// convert translates one container. No swap comes on top of its memory.
func convert(c workerimage.Container) service {
	return service{
		ContainerName: c.Name,
		Image:         c.Image,
		Command:       c.Command,
		User:          c.User,
		Environment:   c.Env,
		Labels:        c.Labels,
		Networks:      map[string]endpoint{networkKey: {Aliases: c.Aliases}},
		Ports:         ports(c.Ports),
		Volumes:       volumes(c.Mounts),
		Tmpfs:         tmpfs(c.Tmpfs),
		Devices:       devices(c.Devices),
		GroupAdd:      c.Groups,
		ExtraHosts:    hosts(c.HostGateway),
		Healthcheck:   health(c.Health),

		Init:        true,
		ReadOnly:    true,
		CapDrop:     []string{"ALL"},
		SecurityOpt: []string{"no-new-privileges:true"},

		MemLimit:        c.MemoryBytes,
		MemswapLimit:    c.MemoryBytes,
		CPUs:            float64(c.NanoCPUs) / 1e9,
		PIDsLimit:       c.PIDs,
		Restart:         "no",
		StopGracePeriod: grace(c),
		Logging: logging{Driver: "json-file", Options: map[string]string{
			"max-size": logMaxSize, "max-file": logMaxFiles,
		}},
	}
}

func ports(all []workerimage.Port) []port {
	var out []port
	for _, p := range all {
		out = append(out, port{
			Target: p.ContainerPort, Published: strconv.Itoa(p.HostPort), HostIP: p.HostIP, Protocol: "tcp",
		})
	}
	return out
}

func volumes(all []workerimage.Mount) []volume {
	var out []volume
	for _, m := range all {
		out = append(out, volume{Type: "bind", Source: m.Source, Target: m.Target, ReadOnly: m.ReadOnly})
	}
	return out
}

func tmpfs(paths []string) []string {
	var out []string
	for _, path := range paths {
		out = append(out, path+":"+tmpfsOptions)
	}
	return out
}

// devices may be read and written; no file can be made for another one.
func devices(paths []string) []string {
	var out []string
	for _, path := range paths {
		out = append(out, path+":"+path+":rw")
	}
	return out
}

func hosts(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name + ":host-gateway"}
}

func health(h *workerimage.Health) *healthcheck {
	if h == nil {
		return nil
	}
	return &healthcheck{
		Test:        append([]string{"CMD"}, h.Command...),
		Interval:    h.Interval.String(),
		Timeout:     h.Timeout.String(),
		StartPeriod: h.StartPeriod.String(),
		Retries:     h.Retries,
	}
}

func grace(c workerimage.Container) string {
	if c.StopTimeout == 0 {
		return ""
	}
	return c.StopTimeout.String()
}
