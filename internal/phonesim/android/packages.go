package android

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrBadAPK is why something that was to be installed is not.
var ErrBadAPK = errors.New("android: not an apk")

// Package is one installed package.
type Package struct {
	Name        string
	VersionName string
	VersionCode int
	// Activity is the full class name of the main activity, "" for none.
	Activity string
	// Instrumentation is the test runner's class, "" for none, and Target the
	// package it runs in.
	Instrumentation, Target string
	// System packages came with the phone and cannot be removed.
	System bool
}

// apkPath is where the package's file is.
func (p Package) apkPath() string { return "/data/app/" + p.Name + "-1/base.apk" }

// activityClass completes a class name that starts with a dot.
func activityClass(pkg, class string) string {
	if strings.HasPrefix(class, ".") {
		return pkg + class
	}
	return class
}

// packages is the package manager's list.
type packages struct {
	mu   sync.Mutex
	list map[string]Package
}

func (p *packages) put(pkg Package) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.list == nil {
		p.list = map[string]Package{}
	}
	p.list[pkg.Name] = pkg
}

func (p *packages) find(name string) (Package, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	pkg, ok := p.list[name]
	return pkg, ok
}

func (p *packages) remove(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.list, name)
}

// all is ordered by name.
func (p *packages) all() []Package {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.SortedFunc(maps.Values(p.list), func(a, b Package) int { return strings.Compare(a.Name, b.Name) })
}

// install reads an APK of size bytes from r and adds its package.
func (d *Device) install(r io.Reader, size int64) (Package, error) {
	const staging = "/data/app/staged.apk"
	u, err := d.cfg.Storage.create(fmt.Sprintf("%s.%d", staging, d.staged.Add(1)), fileMode)
	if err != nil {
		return Package{}, err
	}
	defer d.cfg.Storage.discard(u.path)
	if n, err := io.Copy(u, io.LimitReader(r, size)); err != nil || n != size {
		return Package{}, errors.Join(fmt.Errorf("received %d of %d bytes", n, size), err, u.Abort())
	}
	if err := u.Commit(time.Now()); err != nil {
		return Package{}, err
	}
	f, err := d.cfg.Storage.open(u.path)
	if err != nil {
		return Package{}, err
	}
	defer func() { _ = f.Close() }()
	pkg, err := readAPK(f, size)
	if err != nil {
		return Package{}, fmt.Errorf("%w: %w", ErrBadAPK, err)
	}
	d.packages.put(pkg)
	d.log.write("PackageManager", "installed "+pkg.Name)
	return pkg, d.cfg.Storage.keep(u.path, pkg.apkPath())
}
