package android

import (
	"context"
	"fmt"
	"io"
	"strings"
)

const settingsPackage = "io.appium.settings"

// activityManager is "am …" and "cmd activity …".
func activityManager(ctx context.Context, c *call) uint8 {
	sub := c.shift()
	switch sub.arg(0) {
	case "start", "start-activity":
		return startActivity(sub)
	case "startservice", "start-service", "start-foreground-service", "startforegroundservice":
		return startService(sub)
	case "force-stop", "kill", "stopservice":
		c.device.forceStop(sub.args[len(sub.args)-1])
	case "broadcast":
		return broadcast(sub)
	case "instrument":
		return instrument(ctx, sub)
	case "get-current-user":
		c.print("0\n")
	case "send-trim-memory", "kill-all", "set-debug-app", "clear-debug-app":
	default:
		return sub.unknown()
	}
	return 0
}

func startActivity(c *call) uint8 {
	i := parseIntent(c.args[1:])
	if i.category == "android.intent.category.HOME" {
		const homeKey = 3
		c.device.cfg.Input.Key(homeKey)
		c.print("Starting: Intent { act=android.intent.action.MAIN cat=[android.intent.category.HOME] }\n")
		return 0
	}
	c.printf("Starting: Intent { act=%s cmp=%s }\n", i.action, i.component)
	name, class := i.target()
	pkg, ok := c.device.packages.find(name)
	if !ok || (name == c.device.cfg.AppPackage.Name && class != pkg.Activity) {
		c.printf("Error type 3\nError: Activity class {%s} does not exist.\n", i.component)
		return exitFailure
	}
	if i.flags["-S"] {
		c.device.forceStop(name)
	}
	c.device.startActivity(pkg)
	if i.flags["-W"] {
		c.printf("Status: ok\nLaunchState: COLD\nActivity: %s\nTotalTime: 120\nWaitTime: 130\nComplete\n", i.component)
	}
	return 0
}

// startActivity brings a package's activity up. Only the app has a screen of
// its own; the others run behind it.
func (d *Device) startActivity(pkg Package) {
	d.log.write("ActivityTaskManager", "START u0 {cmp="+pkg.Name+"/"+pkg.Activity+"}")
	switch pkg.Name {
	case d.cfg.AppPackage.Name:
		d.cfg.App.Start()
		return
	case settingsPackage:
		d.settingsRunning.Store(true)
	}
	d.processes.spawn(pkg.Name)
}

func startService(c *call) uint8 {
	i := parseIntent(c.args[1:])
	name, _ := i.target()
	pkg, ok := c.device.packages.find(name)
	if !ok {
		return c.fail("Error: Not found; no service started.")
	}
	c.printf("Starting service: Intent { cmp=%s }\n", i.component)
	c.device.startActivity(pkg)
	return 0
}

// broadcast sends an intent. The media scanner, and the Appium settings app in
// front of it, are the only receivers that do something.
func broadcast(c *call) uint8 {
	i := parseIntent(c.args[1:])
	c.printf("Broadcasting: Intent { act=%s dat=%s flg=0x400000 cmp=%s }\n", i.action, i.data, i.component)
	switch i.action {
	case "android.intent.action.MEDIA_SCANNER_SCAN_FILE":
		if name, ok := filePath(i.data); ok {
			c.device.cfg.Storage.Scan(name)
		}
	case "android.intent.action.MEDIA_MOUNTED":
		c.device.cfg.Storage.Scan(sharedStorage)
	case "io.appium.settings.scan_media":
		if !c.device.settingsRunning.Load() {
			c.print("Broadcast completed: result=0\n")
			return 0
		}
		c.device.cfg.Storage.Scan(i.extras["path"])
	}
	c.print("Broadcast completed: result=-1, data=\"\"\n")
	return 0
}

// instrument is "am instrument [-w] [-e NAME VALUE]… COMPONENT".
func instrument(ctx context.Context, c *call) uint8 {
	component := c.args[len(c.args)-1]
	name, class, _ := strings.Cut(component, "/")
	pkg, ok := c.device.packages.find(name)
	_, target := c.device.packages.find(pkg.Target)
	if !ok || !target || activityClass(name, class) != pkg.Instrumentation || pkg.Target != AutomationPackage {
		c.printf("INSTRUMENTATION_STATUS: id=ActivityManagerService\n"+
			"INSTRUMENTATION_STATUS: Error=Unable to find instrumentation info for: ComponentInfo{%s}\n"+
			"INSTRUMENTATION_STATUS_CODE: -1\n", component)
		return exitFailure
	}
	run, err := c.device.startInstrumentation(ctx)
	if err != nil {
		crashed(c.out)
		return 0
	}
	if !parseOptions(c.args[1:], "-e").letters("w") {
		return 0
	}
	c.printf("\n%s.test.AppiumUiAutomator2Server:", AutomationPackage)
	select {
	case <-run.done:
	case <-ctx.Done(): // The shell is gone; the instrumentation lives on.
		return exitHangup
	}
	if run.err == errRunEnded { //nolint:errorlint // set by ourselves, never wrapped
		c.print(".\n\nTime: 1\n\nOK (1 test)\n\n")
	} else {
		crashed(c.out)
	}
	return 0
}

func crashed(w io.Writer) {
	_, _ = fmt.Fprint(w, "\nINSTRUMENTATION_RESULT: shortMsg=Process crashed.\nINSTRUMENTATION_CODE: 0\n")
}
