package android

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

func packageCommands() map[string]command { return map[string]command{"pm": packageManager} }

// packageManager is "pm …" and "cmd package …".
func packageManager(_ context.Context, c *call) uint8 {
	sub := c.shift()
	switch sub.arg(0) {
	case "list":
		return listPackages(sub.shift())
	case "path":
		return packagePath(sub)
	case "install":
		return installPackage(sub)
	case "uninstall":
		return uninstallPackage(sub)
	case "resolve-activity":
		return resolveActivity(sub)
	case "clear":
		c.device.forceStop(sub.args[len(sub.args)-1])
		c.print("Success\n")
	case "grant", "revoke":
		return grantPermission(sub)
	case "has-feature":
		c.print("false\n")
	default:
		return sub.unknown()
	}
	return 0
}

func listPackages(c *call) uint8 {
	o := parseOptions(c.args, "--user")
	if len(o.rest) == 0 {
		return c.unknown()
	}
	kind, filter := o.rest[0], ""
	if len(o.rest) > 1 {
		filter = o.rest[1]
	}
	for _, p := range c.device.packages.all() {
		if !strings.Contains(p.Name, filter) || (o.set["-3"] && p.System) || (o.set["-s"] && !p.System) {
			continue
		}
		switch {
		case kind == "instrumentation" && p.Instrumentation != "":
			c.printf("instrumentation:%s/%s (target=%s)\n", p.Name, p.Instrumentation, p.Target)
		case kind == "packages" && o.set["--show-versioncode"]:
			c.printf("package:%s versionCode:%d\n", p.Name, p.VersionCode)
		case kind == "packages":
			c.printf("package:%s\n", p.Name)
		}
	}
	return 0
}

func packagePath(c *call) uint8 {
	p, ok := c.device.packages.find(c.args[len(c.args)-1])
	if !ok {
		return exitFailure
	}
	c.printf("package:%s\n", p.apkPath())
	return 0
}

// installPackage reads the APK from a file, or with -S from the input.
func installPackage(c *call) uint8 {
	o := parseOptions(c.args[1:], "-S", "-i", "--user", "--abi")
	var pkg Package
	var err error
	if size, given := o.values["-S"]; given {
		var n int64
		if n, err = strconv.ParseInt(size, 10, 64); err == nil {
			pkg, err = c.device.install(c.in, n)
		}
	} else {
		pkg, err = c.installFile(o.rest)
	}
	if err != nil {
		c.printf("Failure [INSTALL_PARSE_FAILED_NOT_APK: %v]\n", err)
		return exitFailure
	}
	c.device.forceStop(pkg.Name)
	c.print("Success\n")
	return 0
}

func (c *call) installFile(names []string) (Package, error) {
	if len(names) != 1 {
		return Package{}, ErrBadAPK
	}
	f, err := c.device.cfg.Storage.open(c.path(names[0]))
	if err != nil {
		return Package{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return Package{}, err
	}
	return c.device.install(f, info.Size())
}

func uninstallPackage(c *call) uint8 {
	name := c.args[len(c.args)-1]
	p, ok := c.device.packages.find(name)
	if !ok || p.System || name == c.device.cfg.AppPackage.Name {
		c.print("Failure [DELETE_FAILED_INTERNAL_ERROR]\n")
		return exitFailure
	}
	c.device.forceStop(name)
	c.device.packages.remove(name)
	c.device.cfg.Storage.discard(p.apkPath())
	c.print("Success\n")
	return 0
}

func resolveActivity(c *call) uint8 {
	p, ok := c.device.packages.find(c.args[len(c.args)-1])
	if !ok || p.Activity == "" {
		c.print("No activity found\n")
		return 0
	}
	c.printf("priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true\n%s/%s\n", p.Name, p.Activity)
	return 0
}

func mediaPermissions() []string {
	return []string{
		"android.permission.READ_EXTERNAL_STORAGE", "android.permission.READ_MEDIA_VIDEO",
		"android.permission.READ_MEDIA_IMAGES",
	}
}

// grantPermission is "pm grant|revoke PACKAGE PERMISSION…".
func grantPermission(c *call) uint8 {
	o := parseOptions(c.args[1:], "--user")
	if len(o.rest) < 2 {
		return c.unknown()
	}
	if _, ok := c.device.packages.find(o.rest[0]); !ok {
		return c.fail("Unknown package: %s", o.rest[0])
	}
	readsMedia := slices.ContainsFunc(o.rest[1:], func(p string) bool { return slices.Contains(mediaPermissions(), p) })
	if o.rest[0] == c.device.cfg.AppPackage.Name && readsMedia {
		c.device.cfg.App.GrantMedia(c.args[0] == "grant")
	}
	return 0
}
