package android

import (
	"context"
	"strconv"
	"strings"
)

func processCommands() map[string]command {
	return map[string]command{
		"ps": listProcesses, "pidof": pidOf, "pgrep": pidOf, "kill": killProcess,
		"am": activityManager, "dumpsys": dumpsys, "monkey": monkey,
	}
}

func listProcesses(_ context.Context, c *call) uint8 {
	if c.arg(1) == "--help" {
		c.print("usage: ps [-AadefLlnwZ] [-gG GROUP,] [-k FIELD,] [-o FIELD,] [-p PID,]\n\n-A\tAll\n")
		return 0
	}
	var b strings.Builder
	b.WriteString("USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME\n")
	for _, p := range c.device.running() {
		b.WriteString("u0_a100 " + strconv.Itoa(p.pid) + " 1 1000000 50000 0 0 S " + p.name + "\n")
	}
	c.print(b.String())
	return 0
}

func pidOf(_ context.Context, c *call) uint8 {
	pid := c.device.pid(c.args[len(c.args)-1])
	if pid == 0 {
		return exitFailure
	}
	c.printf("%d\n", pid)
	return 0
}

func killProcess(_ context.Context, c *call) uint8 {
	var code uint8
	for _, word := range parseOptions(c.args[1:], "-s").rest {
		code = c.fail("%s: No such process", word)
		for _, p := range c.device.running() {
			if strconv.Itoa(p.pid) == word {
				c.device.forceStop(p.name)
				code = 0
			}
		}
	}
	return code
}

// forceStop ends a package's processes.
func (d *Device) forceStop(pkg string) {
	switch pkg {
	case d.cfg.AppPackage.Name:
		d.cfg.App.Stop()
	case AutomationPackage, AutomationTestPackage:
		d.stopInstrumentation(errRunStopped)
	case settingsPackage:
		d.settingsRunning.Store(false)
	}
	d.processes.kill(pkg)
}

// monkey is how some hosts start an app without knowing its activity.
func monkey(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "-p", "-c")
	pkg, ok := c.device.packages.find(o.values["-p"])
	if !ok || pkg.Activity == "" {
		c.print("** No activities found to run, monkey aborted.\n")
		const aborted = 252
		return aborted
	}
	c.device.startActivity(pkg)
	c.print("Events injected: 1\n")
	return 0
}
