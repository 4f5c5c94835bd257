package orchestrator

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"

	"postfleet/workerimage"
)

// Plan is a fleet worked out to the last port, before anything exists.
type Plan struct {
	Fleet   string
	Network string
	Slots   []Slot
}

// Slot is a device's place in the fleet: its number, ports and containers.
type Slot struct {
	ID     int
	Device workerimage.Device
	// USB is the serial number of a phone on the engine's host's USB; "" for any
	// other. The worker's container gets its device when it is made.
	USB string

	AppiumPort       int
	SystemPort       int
	MJPEGPort        int
	ChromedriverPort int
	// SystemPorts are the first and the last port of the slot's block.
	SystemPorts [2]int

	// Worker is the worker's container, LabelSpec included.
	Worker workerimage.Container
	// Phone is the container of its simulated phone, or nil.
	Phone *workerimage.Container
}

const (
	// minSystemBlock: systemPort, mjpeg and chromedriver.
	minSystemBlock = 3
	minPort        = 1024
	maxPort        = 65535
	// simFolder is where, in the data directory, simulated phones keep their posts.
	simFolder = "sim"
)

// NewPlan works out the fleet of cfg. It touches nothing outside. Everything
// that is wrong with cfg is in the one error it returns.
func NewPlan(cfg Config) (Plan, error) {
	if cfg.Workers == 0 {
		cfg.Workers = len(cfg.Devices)
	}
	if err := cfg.check(); err != nil {
		return Plan{}, err
	}
	p := Plan{Fleet: cfg.Place.Fleet, Network: cfg.Place.Network, Slots: make([]Slot, cfg.Workers)}
	var problems []error
	for n := range p.Slots {
		slot, err := cfg.slot(n)
		if err != nil {
			problems = append(problems, fmt.Errorf("device %d: %w", n, err))
		}
		p.Slots[n] = slot
	}
	if err := errors.Join(append(problems, checkPorts(p.Slots))...); err != nil {
		return Plan{}, err
	}
	return p, nil
}

func (cfg Config) check() error {
	var problems []error
	if cfg.Workers < 1 {
		problems = append(problems, errors.New("a fleet needs at least one worker"))
	}
	if !cfg.Simulate && len(cfg.Devices) < cfg.Workers {
		problems = append(problems, fmt.Errorf("%d workers but only %d devices", cfg.Workers, len(cfg.Devices)))
	}
	if cfg.Ports.SystemBlock < minSystemBlock {
		problems = append(problems,
			fmt.Errorf("a system port block of %d ports: it needs %d", cfg.Ports.SystemBlock, minSystemBlock))
	}
	if !nameRule().MatchString(cfg.Place.Fleet) {
		problems = append(problems, fmt.Errorf("fleet %q: %w", cfg.Place.Fleet, errName))
	}
	return errors.Join(problems...)
}

var errName = errors.New("a name is letters, digits, '.', '_' and '-', and begins with a letter or digit")

// nameRule is what a container's name, and a file's, can be made of.
func nameRule() *regexp.Regexp { return regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`) }

func (cfg Config) slot(n int) (Slot, error) {
	dc, err := cfg.deviceConfig(n)
	if err != nil {
		return Slot{}, err
	}
	device, err := cfg.device(n, dc)
	if err != nil {
		return Slot{}, err
	}
	first := cfg.Ports.SystemBase + n*cfg.Ports.SystemBlock
	s := Slot{
		ID:               n,
		Device:           device,
		AppiumPort:       cfg.Ports.AppiumBase + n*cfg.Ports.AppiumStep,
		SystemPort:       first,
		MJPEGPort:        first + 1,
		ChromedriverPort: first + 2,
		SystemPorts:      [2]int{first, first + cfg.Ports.SystemBlock - 1},
	}
	if dc.Connect == connectUSB {
		s.USB = dc.UDID
	}
	if s.Worker, err = cfg.worker(s, dc); err != nil {
		return Slot{}, err
	}
	if dc.Connect == connectSim {
		phone, err := cfg.phone(s)
		if err != nil {
			return Slot{}, err
		}
		s.Phone = &phone
	}
	return s, nil
}

// deviceConfig returns the n-th device as it is configured.
func (cfg Config) deviceConfig(n int) (DeviceConfig, error) {
	var dc DeviceConfig
	if n < len(cfg.Devices) {
		dc = cfg.Devices[n]
	}
	if cfg.Simulate {
		dc.Name, dc.Connect = "sim-"+strconv.Itoa(n), connectSim
	}
	if !nameRule().MatchString(dc.Name) {
		return DeviceConfig{}, fmt.Errorf("name %q: %w", dc.Name, errName)
	}
	return dc, nil
}

// device returns the n-th device as its worker is told of it.
func (cfg Config) device(n int, dc DeviceConfig) (workerimage.Device, error) {
	d, err := dc.connect()
	if err != nil {
		return workerimage.Device{}, fmt.Errorf("%s: %w", dc.Name, err)
	}
	if dc.Connect == connectSim {
		phone := workerimage.Name(cfg.Place.Fleet, workerimage.RolePhone, n)
		d.Address = phone + ":" + strconv.Itoa(workerimage.PhoneADBPort)
	}
	d.Name, d.Accounts = dc.Name, slices.Clone(dc.Accounts)
	if len(d.Accounts) == 0 {
		d.ReservedAccounts = cfg.listedAccounts()
	}
	return d, nil
}

// listedAccounts are those that some device of the fleet lists, in order.
func (cfg Config) listedAccounts() []string {
	var all []string
	for _, d := range cfg.Devices[:min(cfg.Workers, len(cfg.Devices))] {
		all = append(all, d.Accounts...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (cfg Config) worker(s Slot, dc DeviceConfig) (workerimage.Container, error) {
	settings := cfg.Worker
	settings.Fleet, settings.WorkerID, settings.Device = cfg.Place.Fleet, s.ID, s.Device
	settings.AppiumPort, settings.SystemPort = s.AppiumPort, s.SystemPort
	settings.MJPEGPort, settings.ChromedriverPort = s.MJPEGPort, s.ChromedriverPort
	if dc.OwnRotateURL {
		settings.Proxy.Secret = workerimage.SecretProxyURLOf(s.Device.Name)
	}
	if s.Device.CloudPhone == "" {
		settings.Geelark = workerimage.Geelark{}
	}
	c, err := cfg.Place.Worker(settings)
	if err != nil {
		return workerimage.Container{}, err
	}
	ports := strconv.Itoa(s.SystemPorts[0]) + "-" + strconv.Itoa(s.SystemPorts[1])
	return withSpec(c.WithLabels(map[string]string{
		workerimage.LabelAppiumPort:  strconv.Itoa(s.AppiumPort),
		workerimage.LabelSystemPorts: ports,
	}))
}

func (cfg Config) phone(s Slot) (workerimage.Container, error) {
	state := path.Join(cfg.Place.DataDir, simFolder)
	return withSpec(cfg.Place.Phone(s.ID, s.Device.Name, state, cfg.Accounts))
}

// withSpec labels c with the digest of its spec.
func withSpec(c workerimage.Container) (workerimage.Container, error) {
	hash, err := c.Hash()
	if err != nil {
		return workerimage.Container{}, err
	}
	return c.WithLabels(map[string]string{workerimage.LabelSpec: hash}), nil
}

// checkPorts finds ports out of range and ports that two slots would share.
// Appium's and the system-port blocks are kept apart over the whole fleet: a
// shared adb server would put them on one host. A phone's control port is
// published on the host, where only Appium's are as well.
func checkPorts(slots []Slot) error {
	drivers, published := owners{}, owners{}
	var problems []error
	for _, s := range slots {
		problems = append(problems, drivers.take(s.AppiumPort, s.ID), published.take(s.AppiumPort, s.ID))
		if s.Phone != nil {
			problems = append(problems, published.take(s.Phone.Ports[0].HostPort, s.ID))
		}
		for port := s.SystemPorts[0]; port <= s.SystemPorts[1]; port++ {
			problems = append(problems, drivers.take(port, s.ID))
		}
	}
	return errors.Join(problems...)
}

// owners are slots by the port that they use.
type owners map[int]int

func (o owners) take(port, slot int) error {
	if port < minPort || port > maxPort {
		return fmt.Errorf("worker %d: port %d is not within %d-%d", slot, port, minPort, maxPort)
	}
	if other, taken := o[port]; taken {
		return fmt.Errorf("workers %d and %d would both use port %d", other, slot, port)
	}
	o[port] = slot
	return nil
}
