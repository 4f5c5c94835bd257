package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"postfleet/internal/config"
	"postfleet/internal/fault"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// hostPathFunc returns a path as the engine sees it.
type hostPathFunc func(ctx context.Context, path string) (string, error)

// samePath is the hostPathFunc of a plan that is only looked at.
func samePath(_ context.Context, path string) (string, error) { return path, nil }

// planOf works out the fleet. user is the workers' uid:gid, accounts are those
// that simulated phones know.
func planOf(
	ctx context.Context, r config.Resolved, user string, accounts []string, hostPath hostPathFunc,
) (orchestrator.Plan, error) {
	place, err := placeOf(ctx, r, hostPath)
	if err != nil {
		return orchestrator.Plan{}, err
	}
	place.User = user
	cfg := orchestrator.Config{
		Place:    place,
		Worker:   settingsOf(r),
		Workers:  r.Derived.Workers,
		Accounts: accounts,
		Ports: orchestrator.PortConfig{
			AppiumBase: r.BaseAppiumPort, AppiumStep: r.AppiumPortStep,
			SystemBase: r.SystemPortBase, SystemBlock: r.SystemPortBlockSize,
		},
	}
	for _, d := range r.Devices {
		cfg.Devices = append(cfg.Devices, orchestrator.DeviceConfig{
			Name: d.Name, Connect: d.Connect, UDID: d.UDID, Accounts: d.Accounts, OwnRotateURL: d.RotateURL != "",
		})
	}
	plan, err := orchestrator.NewPlan(cfg)
	if err != nil {
		return orchestrator.Plan{}, fault.Mark(fault.Input, err)
	}
	return plan, nil
}

func placeOf(ctx context.Context, r config.Resolved, hostPath hostPathFunc) (workerimage.Place, error) {
	p := workerimage.Place{
		Fleet: r.Fleet, Image: r.Docker.Image, Network: r.Derived.Network,
		MemoryBytes: r.Derived.MemoryBytes, NanoCPUs: r.Derived.NanoCPUs, PIDs: r.Docker.PIDs,
		StopTimeout: r.Derived.Timeouts.ContainerStop,
	}
	for _, mount := range []struct {
		to     *string
		path   string
		wanted bool
	}{
		{&p.DataDir, r.Derived.DataDir, true},
		{&p.MediaDir, filepath.Join(r.Derived.DataDir, mediaName), true},
		{&p.LogDir, r.Derived.LogDir, true},
		{&p.KeyDir, keyDir(r), needsKey(r)},
		{&p.SecretsDir, secretsDir(r), len(secretFiles(r)) > 0},
		{&p.RecipePath, r.Derived.RecipePath, r.Derived.RecipePath != ""},
	} {
		if !mount.wanted {
			continue
		}
		path, err := hostPath(ctx, mount.path)
		if err != nil {
			return workerimage.Place{}, fmt.Errorf("find %s on the engine's host: %w", mount.path, err)
		}
		*mount.to = path
	}
	return p, nil
}

// settingsOf returns what all workers are told alike.
func settingsOf(r config.Resolved) workerimage.Settings {
	recipe := r.Recipe
	if r.Derived.RecipePath != "" {
		recipe = workerimage.RecipeFile
	}
	return workerimage.Settings{
		AppiumStartCmd:  r.AppiumStartCmd,
		AppiumArgs:      r.AppiumArgs,
		RecycleJobs:     orNever(r.Appium.RecycleJobs),
		RecycleMemory:   orNever(r.Derived.RecycleBytes),
		Recipe:          recipe,
		MaxSteps:        r.Navigator.MaxSteps,
		MaxAttempts:     r.Retry.MaxAttempts,
		RetryDelay:      workerimage.Duration(r.Retry.Delay),
		MaxPostsPerDay:  r.Accounts.MaxPostsPerDay,
		TimeZone:        r.TimeZone,
		TrustFileSystem: r.Ledger.TrustFileSystem,
		Proxy: workerimage.Proxy{
			Timeout: workerimage.Duration(r.Proxy.Timeout), Attempts: r.Proxy.Attempts, Required: r.Proxy.Required,
		},
		Geelark:       geelarkSettings(r),
		Claude:        claudeSettings(r),
		JobTimeout:    workerimage.Duration(r.Derived.Timeouts.Job),
		VerifyTimeout: workerimage.Duration(r.Derived.Timeouts.Verify),
		DrainTimeout:  workerimage.Duration(r.Derived.Timeouts.Drain),
		StopTimeout:   workerimage.Duration(r.Derived.Timeouts.ContainerStop),
	}
}

// claudeSettings is what workers are told of the model: nothing where none is
// asked.
func claudeSettings(r config.Resolved) workerimage.Claude {
	n := r.Navigator
	if !n.AsksModel() {
		return workerimage.Claude{}
	}
	return workerimage.Claude{
		Mode: n.Mode, Model: n.Model, BaseURL: n.BaseURL,
		MaxCallsPerJob: n.MaxCallsPerJob, MaxCostUSDPerJob: n.MaxCostUSDPerJob, MaxCostUSDPerRun: n.MaxCostUSDPerRun,
	}
}

// orNever is how a worker is told what is 0 in fleet.yaml: its own 0 is a default.
func orNever[T int | int64](limit T) T {
	if limit == 0 {
		return -1
	}
	return limit
}

// userOf returns the uid:gid that orchestrator.PrepareDataDir would return,
// without changing anything: the owner of the data directory, or the image's
// user where that is root.
func userOf(dataDir string) string {
	uid, gid := uint32(workerimage.UID), uint32(workerimage.UID)
	if info, err := os.Stat(dataDir); err == nil {
		if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid != 0 {
			uid, gid = owner.Uid, owner.Gid
		}
	}
	return strconv.FormatUint(uint64(uid), 10) + ":" + strconv.FormatUint(uint64(gid), 10)
}
