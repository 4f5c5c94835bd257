package config

import "fmt"

const (
	minPort = 1024
	maxPort = 65535
	// adbPort is that of the adb server in every worker's container.
	adbPort = 5037
	// minBlockSize holds the system port, the mjpeg port and the chromedriver port.
	minBlockSize = 3
)

// portRange is [from, to] and whose it is.
type portRange struct {
	key      string
	what     string
	from, to int
}

// checkPorts looks at the whole table: the Appium ports and the system-port
// blocks of all workers, and the port that adb itself needs.
func (c Config) checkPorts(p *problems) {
	n := max(1, c.workers())
	if c.AppiumPortStep < 1 {
		p.add("appium_port_step", c.AppiumPortStep, "use 1 or more", "gives two workers the same Appium port")
		return
	}
	if c.SystemPortBlockSize < minBlockSize {
		p.add("system_port_block_size", c.SystemPortBlockSize, fmt.Sprintf("use %d or more", minBlockSize),
			"makes the blocks of two workers overlap: system, mjpeg and chromedriver port are in it")
		return
	}
	blocks := portRange{
		"system_port_base", "the system-port blocks of all workers",
		c.SystemPortBase, c.SystemPortBase + n*c.SystemPortBlockSize - 1,
	}
	appium := portRange{
		"base_appium_port", "the Appium ports of all workers",
		c.BaseAppiumPort, c.BaseAppiumPort + (n-1)*c.AppiumPortStep,
	}
	for _, r := range []portRange{appium, blocks} {
		if r.from < minPort || r.to > maxPort {
			p.add(r.key, r.from, fmt.Sprintf("stay within %d–%d", minPort, maxPort),
				"puts %s at %d–%d, which is out of range", r.what, r.from, r.to)
		}
	}
	c.checkOverlaps(p, n, blocks)
}

// checkOverlaps compares each Appium port with the blocks and with adb's port.
// Ports of different workers are compared too, because all workers may run in
// one network namespace and the table is to be true wherever they run.
func (c Config) checkOverlaps(p *problems, n int, blocks portRange) {
	for w := range n {
		port := c.BaseAppiumPort + w*c.AppiumPortStep
		if port >= blocks.from && port <= blocks.to {
			p.add("system_port_base", c.SystemPortBase, "move one of them",
				"the block %d–%d of worker %d overlaps the Appium port %d of worker %d",
				blocks.from+(port-blocks.from)/c.SystemPortBlockSize*c.SystemPortBlockSize,
				blocks.from+((port-blocks.from)/c.SystemPortBlockSize+1)*c.SystemPortBlockSize-1,
				(port-blocks.from)/c.SystemPortBlockSize, port, w)
			break
		}
	}
	for w := range n {
		if c.BaseAppiumPort+w*c.AppiumPortStep == adbPort {
			p.add("base_appium_port", c.BaseAppiumPort, "move it",
				"gives worker %d the port %d, which is the adb server's", w, adbPort)
		}
	}
	if blocks.from <= adbPort && adbPort <= blocks.to {
		p.add("system_port_base", c.SystemPortBase, "move it",
			"puts the port %d in a block, which is the adb server's", adbPort)
	}
}
