package android

import "context"

// dumpsys answers what hosts look for in the dumps of a few services.
func dumpsys(_ context.Context, c *call) uint8 {
	switch c.arg(1) {
	case "window":
		dumpWindow(c)
	case "power":
		c.print("Power Manager State:\n  mWakefulness=Awake\n  mHoldingDisplaySuspendBlocker=true\n")
	case "package":
		dumpPackage(c, c.args[len(c.args)-1])
	case "activity":
		dumpActivity(c)
	case "input_method":
		c.print("Current Input Method Manager state:\n  mInputShown=false\n  mIsInputViewShown=false\n" +
			"  mCurMethodId=" + keyboard + "\n")
	case "display":
		c.printf("DISPLAY MANAGER (dumpsys display)\n"+
			"  mBaseDisplayInfo=DisplayInfo{\"Built-in Screen\", real %d x %d}\n",
			c.device.cfg.Width, c.device.cfg.Height)
	case "battery":
		c.print("Current Battery Service state:\n  AC powered: true\n  level: 100\n  scale: 100\n")
	case "deviceidle", "SurfaceFlinger", "input", "cpuinfo", "meminfo", "media_session":
	default:
		_, _ = c.err.Write([]byte("Can't find service: " + c.arg(1) + "\n"))
	}
	return 0
}

func dumpWindow(c *call) {
	pkg, activity := c.device.cfg.App.Front()
	front := pkg + "/" + activity
	c.printf("WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)\n"+
		"  Display: mDisplayId=0\n    init=%[1]dx%[2]d %[3]ddpi cur=%[1]dx%[2]d\n"+
		"  mCurrentFocus=Window{abc1234 u0 %[4]s}\n  mFocusedApp=ActivityRecord{def5678 u0 %[4]s t12}\n"+
		"  mShowingLockscreen=false mShowingDream=false mDreamingLockscreen=false\n  mScreenOnFully=true\n"+
		"  KeyguardStateMonitor\n      mIsShowing=false\n      mInputRestricted=false\n  screenState=SCREEN_STATE_ON\n",
		c.device.cfg.Width, c.device.cfg.Height, c.device.cfg.Density, front)
}

func dumpPackage(c *call, name string) {
	p, ok := c.device.packages.find(name)
	if !ok {
		c.printf("Unable to find package: %s\n", name)
		return
	}
	c.printf("Packages:\n  Package [%s] (1a2b3c):\n    userId=10100\n    codePath=/data/app/%s-1\n"+
		"    versionCode=%d minSdk=26 targetSdk=33\n    versionName=%s\n    flags=[ HAS_CODE ALLOW_CLEAR_USER_DATA ]\n"+
		"    install permissions:\n    User 0: installed=true hidden=false stopped=false\n      runtime permissions:\n",
		p.Name, p.Name, p.VersionCode, p.VersionName)
}

func dumpActivity(c *call) {
	switch last := c.args[len(c.args)-1]; {
	case c.arg(2) == "processes":
		c.print("ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)\n")
		for _, p := range c.device.running() {
			c.printf("    PID #%[1]d: ProcessRecord{a1b2c3d %[1]d:%[2]s/u0a100}\n", p.pid, p.name)
		}
	case c.arg(2) == "services" && last == settingsPackage && c.device.settingsRunning.Load():
		c.printf("ACTIVITY MANAGER SERVICES\n  * ServiceRecord{1 u0 %s/.ForegroundService}\n"+
			"    isForeground=true foregroundId=1\n", settingsPackage)
	case c.arg(2) == "services":
		c.print("ACTIVITY MANAGER SERVICES\n  (nothing)\n")
	case c.arg(2) == "activities" || c.arg(2) == "top":
		pkg, activity := c.device.cfg.App.Front()
		c.printf("ACTIVITY MANAGER ACTIVITIES\n  mResumedActivity: ActivityRecord{1 u0 %s/%s t12}\n", pkg, activity)
	}
}
