package compose

// project is the part of the compose format that a fleet needs. Field order is
// the order in the file.
type project struct {
	Name     string             `yaml:"name"`
	Services map[string]service `yaml:"services"`
	Networks map[string]network `yaml:"networks"`
}

type network struct {
	Name   string            `yaml:"name"`
	Labels map[string]string `yaml:"labels,omitempty"`
}

type service struct {
	ContainerName string                `yaml:"container_name"`
	Image         string                `yaml:"image"`
	Command       []string              `yaml:"command,flow"`
	User          string                `yaml:"user,omitempty"`
	Environment   map[string]string     `yaml:"environment,omitempty"`
	Labels        map[string]string     `yaml:"labels,omitempty"`
	DependsOn     map[string]dependency `yaml:"depends_on,omitempty"`
	Networks      map[string]endpoint   `yaml:"networks"`
	Ports         []port                `yaml:"ports,omitempty"`
	Volumes       []volume              `yaml:"volumes,omitempty"`
	Tmpfs         []string              `yaml:"tmpfs,omitempty"`
	Devices       []string              `yaml:"devices,omitempty"`
	GroupAdd      []string              `yaml:"group_add,omitempty,flow"`
	ExtraHosts    []string              `yaml:"extra_hosts,omitempty"`
	Healthcheck   *healthcheck          `yaml:"healthcheck,omitempty"`

	Init        bool     `yaml:"init"`
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop,flow"`
	SecurityOpt []string `yaml:"security_opt,flow"`

	MemLimit        int64   `yaml:"mem_limit,omitempty"`
	MemswapLimit    int64   `yaml:"memswap_limit,omitempty"`
	CPUs            float64 `yaml:"cpus,omitempty"`
	PIDsLimit       int64   `yaml:"pids_limit,omitempty"`
	Restart         string  `yaml:"restart"`
	StopGracePeriod string  `yaml:"stop_grace_period,omitempty"`
	Logging         logging `yaml:"logging"`
}

type dependency struct {
	Condition string `yaml:"condition"`
}

type endpoint struct {
	Aliases []string `yaml:"aliases,omitempty,flow"`
}

type port struct {
	Target    int    `yaml:"target"`
	Published string `yaml:"published"`
	HostIP    string `yaml:"host_ip,omitempty"`
	Protocol  string `yaml:"protocol"`
}

type volume struct {
	Type     string `yaml:"type"`
	Source   string `yaml:"source"`
	Target   string `yaml:"target"`
	ReadOnly bool   `yaml:"read_only,omitempty"`
	Bind     bind   `yaml:"bind"`
}

type bind struct {
	// CreateHostPath is false: a missing directory is a mistake to be told, not
	// to be covered up by an empty one that belongs to root.
	CreateHostPath bool `yaml:"create_host_path"`
}

type healthcheck struct {
	Test        []string `yaml:"test,flow"`
	Interval    string   `yaml:"interval"`
	Timeout     string   `yaml:"timeout"`
	StartPeriod string   `yaml:"start_period"`
	Retries     int      `yaml:"retries"`
}

type logging struct {
	Driver  string            `yaml:"driver"`
	Options map[string]string `yaml:"options"`
}
