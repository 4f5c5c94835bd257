package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"postfleet/internal/jobs"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/progress/guard"
	"postfleet/orchestrator"
)

const (
	checkDir     = "data directory"
	checkSystem  = "file system"
	checkDisk    = "disk"
	checkRunning = "orchestrator"
	checkLocks   = "file locks"
	checkLedger  = "ledger"
)

// probePattern makes the names of the files that show whether one can write.
const probePattern = ".doctor-*"

func (c *checkup) checkData(ctx context.Context) {
	if c.placeErr != nil {
		c.Unchecked(checkDir, "the configuration does not say where it is")
		c.withoutData()
		return
	}
	dir := c.place.Derived.DataDir
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		c.Fail(checkDir, "make it, with jobs.csv and media/ in it, or name another with --data-dir",
			"%s is no folder", dir)
		c.withoutData()
		return
	}
	c.dataDir = dir
	writable := c.checkWritable()
	c.lookAtDisk()
	c.lookForOrchestrator()
	switch {
	case c.running:
		c.Unchecked(checkLocks, "an orchestrator runs here; its launch tries them")
	case !writable:
		c.Unchecked(checkLocks, "the data directory cannot be written")
	default:
		c.report(checkLocks, c.app.probeLocks(ctx, dir), "a lock of one process keeps another out")
	}
	c.readLedger(ctx)
	c.checkInput()
	c.checkPosted()
}

func (c *checkup) withoutData() {
	for _, check := range []string{
		checkSystem, checkDisk, checkRunning, checkLocks, checkLedger, checkJobs, postedFile,
	} {
		c.Unchecked(check, "there is no data directory to look at")
	}
}

// report adds err, or what is as it should be.
func (c *checkup) report(check string, err error, good string) {
	if err != nil {
		c.Error(check, err)
		return
	}
	c.OK(check, "%s", good)
}

// checkWritable tries, and tells whose the directory is: workers run as its owner.
func (c *checkup) checkWritable() bool {
	owner := userOf(c.dataDir)
	f, err := os.CreateTemp(c.dataDir, probePattern)
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		c.Fail(checkDir, "run as root or as its owner ("+owner+")", "%s cannot be written: %v", c.dataDir, err)
		return false
	}
	if uid := os.Geteuid(); uid != 0 && !owns(uid, c.dataDir) {
		c.Warn(checkDir, "run as root or as its owner, or workers' files and ours will not be each other's",
			"%s is writable, but belongs to %s and we are %d", c.dataDir, owner, uid)
		return true
	}
	c.OK(checkDir, "%s is writable; workers run as %s", c.dataDir, owner)
	return true
}

func owns(uid int, path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == uid
}

func (c *checkup) lookAtDisk() {
	switch err := guard.FileSystem(c.dataDir); {
	case err == nil:
		c.OK(checkSystem, "it is a local one")
	case c.place.Ledger.TrustFileSystem:
		c.Warn(checkSystem, "", "ledger.trust_file_system overrides: %v", err)
	default:
		c.Error(checkSystem, err)
	}
	c.report(checkDisk, guard.RoomToStart(c.dataDir), "there is room for a fleet to begin")
}

func (c *checkup) lookForOrchestrator() {
	running, err := isHeld(c.dataDir)
	c.running = running
	good := "none runs on this data directory"
	if running {
		good = "one runs on this data directory; see 'orchestrator status'"
	}
	c.report(checkRunning, err, good)
}

// readLedger reads it as status does. Damage is named by the error.
func (c *checkup) readLedger(ctx context.Context) {
	if _, err := os.Stat(filepath.Join(c.dataDir, fileledger.TableName)); errors.Is(err, fs.ErrNotExist) {
		c.OK(checkLedger, "there is none yet; launch makes it from %s", jobsFile)
		return
	}
	ledger, err := c.app.ledgerOf(c.place)
	if err != nil {
		c.Error(checkLedger, err)
		return
	}
	rows, err := ledger.Snapshot(ctx)
	if err = errors.Join(err, ledger.Close()); err != nil {
		c.Error(checkLedger, err)
		return
	}
	n := orchestrator.Count(rows)
	c.OK(checkLedger, "%d jobs: %d success, %d fail (%d outcome unknown), %d skip, %d running, %d pending",
		n.Total, n.Success, n.Fail, n.Unknown, n.Skip, n.Claimed, n.Pending)
}

func (c *checkup) checkInput() {
	in, err := readJobs(c.dataDir)
	if err != nil {
		c.Error(checkJobs, err)
		return
	}
	c.input = &in
	c.OK(checkJobs, "%d jobs of %d accounts, %d empty rows", len(in.Jobs), len(accountsOf(in.Jobs)), in.EmptyRows)
	missing := in.MissingVideos(0)
	if len(missing) > 0 {
		first := slices.Sorted(maps.Keys(missing))[0]
		c.Warn(checkJobs, "put the videos into "+mediaName+" before the launch: it skips these jobs",
			"%d jobs have no video to post, the first is job %d: %s", len(missing), first, missing[first])
	}
	c.checkAccounts(in)
}

// checkAccounts finds the accounts that no device takes: their jobs would stay
// pending for ever.
func (c *checkup) checkAccounts(in jobs.Input) {
	if c.resolved == nil || c.opts.Simulate {
		return
	}
	var listed []string
	for _, d := range c.resolved.Devices[:min(c.resolved.Derived.Workers, len(c.resolved.Devices))] {
		if len(d.Accounts) == 0 {
			return // takes any account that no other device lists
		}
		listed = append(listed, d.Accounts...)
	}
	alone := slices.DeleteFunc(accountsOf(in.Jobs), func(account string) bool {
		return slices.Contains(listed, account)
	})
	if len(alone) > 0 {
		c.Warn(checkJobs, "list them at a device", "no device takes these accounts: %s", strings.Join(alone, ", "))
	}
}

func (c *checkup) checkPosted() {
	log, err := jobs.ReadPosted(filepath.Join(c.dataDir, postedFile), nil)
	switch {
	case err != nil:
		c.Error(postedFile, err)
	case log.Unreadable > 0:
		c.Warn(postedFile, "mend them, or their videos may be posted again: account, video and hash are columns",
			"%d lines cannot be read", log.Unreadable)
	default:
		c.OK(postedFile, "every line can be read")
	}
}
