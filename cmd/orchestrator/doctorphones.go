package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"postfleet/internal/config"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/budget"
)

const (
	checkAccount = "geelark"
	// listTimeout is what the account gets to name its phones.
	listTimeout = 30 * time.Second
	// maxMissing is how many missing phones are named.
	maxMissing = 5
)

// checkCloudPhones asks the account for its phones, which tells whether the
// credentials are good, and looks whether those that are wanted are among them.
func (c *checkup) checkCloudPhones(ctx context.Context) {
	if c.resolved == nil || !c.resolved.HasCloudPhones() {
		return
	}
	phones, err := c.accountsPhones(ctx)
	if err != nil {
		mend := "see that the credentials are good and that " + c.resolved.Geelark.BaseURL + " can be reached"
		if errors.Is(err, geelark.ErrAccount) {
			mend = "see to the account in GeeLark's own console"
		}
		c.Fail(checkAccount, mend, "the account does not name its phones: %v", err)
		return
	}
	var missing, expired []string
	for _, name := range c.wantedPhones() {
		switch at := slices.IndexFunc(phones, func(p geelark.Listed) bool { return p.Name == name }); {
		case at < 0:
			missing = append(missing, name)
		case phones[at].Status == geelark.Expired:
			expired = append(expired, name)
		}
	}
	if len(missing) > 0 {
		c.Fail(checkAccount, "name the phones so in GeeLark, or take the jobs out",
			"the account answers, but has no phone named %s", some(missing))
	}
	if len(expired) > 0 {
		c.Fail(checkAccount, "renew their rent in GeeLark", "the account answers, but %s has expired", some(expired))
	}
	if len(missing)+len(expired) == 0 {
		c.OK(checkAccount, "the account answers and has %d phones, all that are wanted among them", len(phones))
	}
	c.checkLeftPhones()
}

// accountsPhones leaves nothing behind: the requests are counted elsewhere.
func (c *checkup) accountsPhones(ctx context.Context) (_ []geelark.Listed, err error) {
	credentials, err := cloudPhones{place: *c.resolved}.credentials()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "postfleet-doctor-*")
	if err != nil {
		return nil, err
	}
	ration := budget.New(budget.Config{Path: filepath.Join(dir, "budget.json")})
	defer func() { err = errors.Join(err, ration.Close(), os.RemoveAll(dir)) }()
	client, err := geelark.New(geelark.Config{
		BaseURL: c.resolved.Geelark.BaseURL, Credentials: credentials, Budget: ration,
	})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(ctx, listTimeout)
	defer stop()
	return client.List(ctx, "")
}

// wantedPhones are the names of the phones that devices are, or that the
// accounts of jobs.csv make of them.
func (c *checkup) wantedPhones() []string {
	var names []string
	for _, d := range c.resolved.Devices[:min(c.resolved.Derived.Workers, len(c.resolved.Devices))] {
		switch name := d.CloudPhone(); {
		case name == config.ByAccount && len(d.Accounts) > 0:
			names = append(names, d.Accounts...)
		case name == config.ByAccount && c.input != nil:
			names = append(names, c.unlistedAccounts()...)
		case name != "" && name != config.ByAccount:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// unlistedAccounts are those of the jobs that no device lists.
func (c *checkup) unlistedAccounts() []string {
	return slices.DeleteFunc(accountsOf(c.input.Jobs), func(account string) bool {
		return slices.ContainsFunc(c.resolved.Devices, func(d config.Device) bool {
			return slices.Contains(d.Accounts, account)
		})
	})
}

// checkLeftPhones tells of phones that a dead fleet has left on.
func (c *checkup) checkLeftPhones() {
	booked, err := cloudPhones{place: *c.resolved}.booked()
	if err != nil {
		c.Error(checkAccount, err)
		return
	}
	var left []string
	for _, b := range booked {
		if !b.held {
			left = append(left, b.Name)
		}
	}
	if len(left) > 0 {
		c.Warn(checkAccount, "orchestrator phones stop --all", "%s may have been left on, and cost", some(left))
	}
}

func some(names []string) string {
	if len(names) > maxMissing {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxMissing], ", "), len(names)-maxMissing)
	}
	return strings.Join(names, ", ")
}
