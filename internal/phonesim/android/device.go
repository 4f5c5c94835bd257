package android

import (
	"cmp"
	"context"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"postfleet/internal/phonesim/adbd"
)

// Device is the phone without its screen. It is safe for concurrent use.
type Device struct {
	cfg             Config
	properties      *table
	settings        *table
	packages        packages
	processes       processes
	ports           ports
	instrumentation instrumentation
	log             *logBuffer
	commands        map[string]command
	staged          atomic.Int64
	booted          atomic.Int64 // unix nanoseconds
	settingsRunning atomic.Bool  // the Appium settings app is in the foreground
}

var _ adbd.Services = (*Device)(nil)

// New returns a phone that has just been switched on. Close ends it.
func New(cfg Config) *Device {
	d := &Device{
		cfg:        cfg,
		properties: newTable(properties(cfg)),
		settings:   newTable(nil),
		log:        newLogBuffer(),
		commands:   commandTable(),
	}
	for _, p := range append(systemPackages(), cfg.Preinstalled...) {
		d.packages.put(p)
	}
	d.packages.put(cfg.AppPackage)
	d.PowerOn()
	return d
}

// Close ends the instrumentation for good and waits for it.
func (d *Device) Close() {
	d.instrumentation.mu.Lock()
	defer d.instrumentation.mu.Unlock()
	d.instrumentation.closed = true
	d.instrumentation.stop(errRunStopped)
}

// UpdateApp gives the app another version, as an update does, but for stopping it.
func (d *Device) UpdateApp(versionName string, versionCode int) {
	pkg := d.cfg.AppPackage
	pkg.VersionName, pkg.VersionCode = versionName, versionCode
	d.packages.put(pkg)
}

// PowerOff ends all that runs on the phone. Files, packages and settings stay.
func (d *Device) PowerOff() {
	d.stopInstrumentation(errRunStopped)
	d.cfg.App.Stop()
	d.processes.killAll()
	d.settingsRunning.Store(false)
	d.log.clear()
	d.properties.set(propBootCompleted, "0")
}

// PowerOn boots the phone.
func (d *Device) PowerOn() {
	for _, name := range []string{"init", "system_server", "com.android.systemui", launcherPackage} {
		d.processes.spawn(name)
	}
	d.booted.Store(time.Now().UnixNano())
	d.properties.set(propBootCompleted, "1")
	d.log.write("SystemServer", "boot completed")
}

// Product implements [adbd.Services].
func (d *Device) Product() adbd.Product { return d.cfg.Product }

// Files implements [adbd.Services].
func (d *Device) Files() adbd.FileStore { return d.cfg.Storage }

// Dial implements [adbd.Services].
func (d *Device) Dial(ctx context.Context, port int) (net.Conn, error) {
	return d.ports.dial(ctx, port)
}

const (
	propBootCompleted = "sys.boot_completed"
	launcherPackage   = "com.android.launcher3"
)

func properties(cfg Config) map[string]string {
	return map[string]string{
		"ro.product.name":          cfg.Product.Name,
		"ro.product.model":         cfg.Product.Model,
		"ro.product.device":        cfg.Product.Device,
		"ro.product.brand":         cfg.Manufacturer,
		"ro.product.manufacturer":  cfg.Manufacturer,
		"ro.product.cpu.abi":       "arm64-v8a",
		"ro.product.cpu.abilist":   "arm64-v8a",
		"ro.build.version.sdk":     cfg.APIVersion,
		"ro.build.version.release": cfg.PlatformVersion,
		"ro.build.type":            "user",
		"ro.serialno":              cfg.Serial,
		"ro.boot.serialno":         cfg.Serial,
		"ro.sf.lcd_density":        strconv.Itoa(cfg.Density),
		"ro.debuggable":            "0",
		"ro.secure":                "1",
		"persist.sys.locale":       cmp.Or(cfg.Locale, "en-US"),
		"persist.sys.timezone":     "UTC",
		"init.svc.bootanim":        "stopped",
		"init.svc.adbd":            "running",
	}
}

func systemPackages() []Package {
	names := []string{
		"android", launcherPackage, "com.android.permissioncontroller", "com.android.settings", "com.android.shell",
		"com.android.systemui", "com.android.vending", "com.android.providers.media",
	}
	list := make([]Package, 0, len(names))
	for _, name := range names {
		list = append(list, Package{Name: name, VersionName: "13", VersionCode: 33, System: true})
	}
	return list
}
