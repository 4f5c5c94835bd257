package workerimage

// Labels are the only registry of a fleet: containers and networks are found
// by them and by nothing else.
const (
	// LabelFleet names the fleet. Everything the fleet owns carries it.
	LabelFleet = "postfleet.fleet"
	// LabelRole is RoleWorker or RolePhone.
	LabelRole = "postfleet.role"
	// LabelWorker is the worker's number.
	LabelWorker = "postfleet.worker"
	// LabelDevice is the device's name.
	LabelDevice = "postfleet.device"
	// LabelSpec is the Hash of the container's spec: same hash, same container.
	LabelSpec = "postfleet.spec"
	// LabelRun is the start of the run that made the container, RFC 3339 UTC.
	LabelRun = "postfleet.run"
	// LabelRestarts counts how often this run had made the slot's container before.
	LabelRestarts = "postfleet.restarts"
	// LabelAppiumPort is the worker's Appium port.
	LabelAppiumPort = "postfleet.appium_port"
	// LabelBus is the device file of the worker's phone when it is on USB, as it
	// was when the container was made.
	LabelBus = "postfleet.bus"
	// LabelSystemPorts is the first and the last port of the worker's block, as "8200-8209".
	LabelSystemPorts = "postfleet.system_ports"
)

// Values of LabelRole.
const (
	RoleWorker = "worker"
	RolePhone  = "phone"
)
