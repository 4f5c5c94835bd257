package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"postfleet/internal/dockerengine"
	"postfleet/workerimage"
)

const (
	checkReach  = "engine"
	checkImage  = "image"
	checkPath   = "data path"
	checkShared = "container locks"
	checkPlan   = "ports"
	checkLeft   = "leftovers"
)

// checkEngine makes the checks that need an engine, in the order in which each
// needs those before it.
func (c *checkup) checkEngine(ctx context.Context) {
	eng, err := c.app.newExamined()
	if err != nil {
		c.withoutEngine(err)
		return
	}
	defer func() {
		if err := eng.Close(); err != nil {
			c.Error(checkReach, err)
		}
	}()
	if err := eng.Ping(ctx); err != nil {
		c.withoutEngine(err)
		return
	}
	about, err := eng.About(ctx)
	if err != nil {
		c.withoutEngine(err)
		return
	}
	c.tellAbout(about)
	c.checkInContainers(ctx, eng, about)
	c.checkPlanned(ctx, eng, about)
	c.checkLeft(ctx, eng)
}

func (c *checkup) withoutEngine(err error) {
	c.Error(checkReach, err)
	for _, check := range []string{checkImage, checkPath, checkShared, checkPlan, checkLeft} {
		c.Unchecked(check, "it needs the engine")
	}
}

func (c *checkup) tellAbout(about dockerengine.About) {
	where := about.Host
	if about.Inside {
		where += ", and this process is in one of its containers"
	}
	c.OK(checkReach, "Docker %s (%s), API %s, at %s", about.Version, about.System, about.API, where)
	switch {
	case about.Rootless:
		c.Warn(checkReach, "see that the check of the data path passes",
			"it is rootless: its user is root in containers, and other users there are others here")
	case about.RemapsUsers:
		c.Warn(checkReach, "see that the check of the data path passes, or give it to the remapped user",
			"it remaps users: who owns the data directory here is somebody else in containers")
	}
}

func (c *checkup) checkInContainers(ctx context.Context, eng examined, about dockerengine.About) {
	if c.placeErr != nil {
		for _, check := range []string{checkImage, checkPath, checkShared} {
			c.Unchecked(check, "the configuration is wrong")
		}
		return
	}
	t := &trial{fleet: c.place.Fleet, image: c.place.Docker.Image}
	if !c.checkImage(ctx, eng, t) {
		c.Unchecked(checkPath, "it needs the image")
		c.Unchecked(checkShared, "it needs the image")
		return
	}
	seen, err := c.isSeen(ctx, eng, t)
	switch {
	case c.dataDir == "":
		c.Unchecked(checkPath, "there is no data directory")
	case err != nil:
		c.Error(checkPath, err)
	default:
		c.OK(checkPath, "containers see %s, as %s of the engine's host", c.dataDir, t.source)
	}
	c.checkSharedLocks(ctx, t, seen && err == nil, about)
}

func (c *checkup) checkSharedLocks(ctx context.Context, t *trial, seen bool, about dockerengine.About) {
	switch {
	case !seen:
		c.Unchecked(checkShared, "containers have not been shown to see the data directory")
	case c.running:
		c.Unchecked(checkShared, "an orchestrator runs here")
	case about.RemapsUsers:
		c.Unchecked(checkShared, "the engine remaps users")
	default:
		t.user = strconv.Itoa(os.Geteuid()) + ":" + strconv.Itoa(os.Getegid())
		if about.Rootless {
			t.user = "0:0" // which is us, outside
		}
		err := c.app.probeShared(ctx, c.dataDir, t.args())
		c.report(checkShared, err, "a lock that is held here keeps containers out")
	}
}

// checkImage reports whether it can be used. What is in it is read in a
// container, which shows that one can be run.
func (c *checkup) checkImage(ctx context.Context, eng examined, t *trial) bool {
	id, err := eng.Image(ctx, t.image)
	if err != nil {
		c.Error(checkImage, err)
		return false
	}
	_, short, _ := strings.Cut(id, ":")
	short = short[:min(len(short), 12)]
	exit, text, err := eng.Try(ctx, t.container(`exec cat "$1"`, "/opt/appium/package.json"))
	if err != nil {
		c.Error(checkImage, err)
		return false
	}
	var manifest struct {
		Dependencies map[string]string `json:"dependencies"`
	}
	if exit.Code != 0 || json.Unmarshal([]byte(text), &manifest) != nil {
		c.Warn(checkImage, "build it with: make image", "%s (%s) does not tell its Appium: %s",
			t.image, short, exit.Tail)
		return true
	}
	c.OK(checkImage, "%s (%s): Appium %s, UiAutomator2 driver %s", t.image, short,
		manifest.Dependencies["appium"], manifest.Dependencies["appium-uiautomator2-driver"])
	return true
}

// isSeen reports whether a container sees a file that was just written into the
// data directory, and whether workers could write there.
func (c *checkup) isSeen(ctx context.Context, eng examined, t *trial) (seen bool, err error) {
	if c.dataDir == "" {
		return false, nil
	}
	if t.source, err = eng.HostPath(ctx, c.dataDir); err != nil {
		return false, err
	}
	f, err := os.CreateTemp(c.dataDir, probePattern)
	if err != nil {
		return false, fmt.Errorf("write a file for containers to see: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	const everybody = 0o644
	if err := errors.Join(f.Chmod(everybody), f.Close()); err != nil {
		return false, err
	}
	const script = `test -e "$1" || exit 7; test -w ` + workerimage.DataDir + ` || exit 8`
	const unseen, unwritable = 7, 8
	t.user = userOf(c.dataDir)
	if os.Geteuid() == 0 && owns(0, c.dataDir) {
		t.user = "0:0" // launch hands it over
	}
	exit, _, err := eng.Try(ctx, t.container(script, path.Join(workerimage.DataDir, filepath.Base(f.Name()))))
	switch {
	case err != nil:
		return false, fmt.Errorf("mount %s into a container: %w: the engine must have this path: "+
			"use a directory of the engine's host, and on a desktop one that it shares", t.source, err)
	case exit.Code == unseen:
		return false, fmt.Errorf("containers see another directory at %s: the engine runs on another host, "+
			"or does not share this path: use a directory of the engine's host", t.source)
	case exit.Code == unwritable:
		return false, fmt.Errorf("workers, who run as %s, cannot write to %s: give it to the user that is %s in "+
			"the engine's containers, or open it to them", t.user, c.dataDir, t.user)
	case exit.Code != 0:
		return false, fmt.Errorf("look at %s in a container: it ended with %d: %s", t.source, exit.Code, exit.Tail)
	}
	return true, nil
}

// checkPlanned works out the plan and tries its ports.
func (c *checkup) checkPlanned(ctx context.Context, eng examined, about dockerengine.About) {
	if c.resolved == nil {
		c.Unchecked(checkPlan, "the configuration is wrong")
		return
	}
	var accounts []string
	if c.input != nil {
		accounts = accountsOf(c.input.Jobs)
	}
	plan, err := planOf(ctx, *c.resolved, userOf(c.dataDir), accounts, samePath)
	if err != nil {
		c.Error(checkPlan, err)
		return
	}
	if about.Inside {
		c.Unchecked(checkPlan, "from a container the host's ports cannot be tried")
		return
	}
	c.report(checkPlan, checkPorts(ctx, plan, eng), fmt.Sprintf("those of %d workers are free, or the fleet's own",
		len(plan.Slots)))
}

// checkLeft lists what of the fleet is there though no orchestrator runs it.
// What an earlier doctor was killed over is removed.
func (c *checkup) checkLeft(ctx context.Context, eng examined) {
	if c.placeErr != nil {
		c.Unchecked(checkLeft, "the configuration does not say which fleet is meant")
		return
	}
	var names []string
	found, err := eng.List(ctx, c.place.Fleet)
	for _, container := range found {
		names = append(names, container.Name)
	}
	networks, netErr := eng.Networks(ctx, c.place.Fleet)
	names = append(names, networks...)
	if err := errors.Join(err, netErr, c.removeTrials(ctx, eng)); err != nil {
		c.Error(checkLeft, err)
		return
	}
	status := "no container or network of fleet " + c.place.Fleet + " is there"
	switch {
	case len(names) == 0:
	case !c.running:
		c.Warn(checkLeft, "launch takes them over, 'orchestrator stop' removes them",
			"no orchestrator runs here, but of fleet %s there are: %s", c.place.Fleet, strings.Join(names, ", "))
		return
	default:
		status = "none: the running fleet has " + strconv.Itoa(len(found)) + " containers"
	}
	c.OK(checkLeft, "%s", status)
}

func (c *checkup) removeTrials(ctx context.Context, eng examined) error {
	old, err := eng.List(ctx, (&trial{fleet: c.place.Fleet}).label())
	for _, container := range old {
		err = errors.Join(err, eng.Remove(ctx, container.ID))
	}
	return err
}
