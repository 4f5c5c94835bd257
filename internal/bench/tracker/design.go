package main

import (
	"context"
	"fmt"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
)

// The designs that are measured.
const (
	designLedger      = "ledger"
	designRewrite     = "rewrite"
	designSQLite      = "sqlite_full"
	designSQLiteGated = "sqlite_full_flock"
	designRaw         = "raw"
	// designShared is the ledger with sharedAccounts accounts in all.
	designShared = "ledger_50_accounts"
)

// sharedAccounts is how many accounts the rows of designShared belong to.
const sharedAccounts = 50

// design is one way of keeping a list of jobs that many processes work off.
type design struct {
	name string
	// accounts is how many accounts the rows belong to; 0 is one for each row,
	// so that it is not their exclusivity that is measured.
	accounts int
	// claims is false for what keeps no list: there is nothing to check in it.
	claims bool
	// prepare makes the list in an empty directory.
	prepare func(ctx context.Context, dir string, rows []jobs.PostJob) error
	// open returns one process's view of the list.
	open func(ctx context.Context, dir, worker string) (store, error)
}

// store is a process's view of a list. Each call is durable when it returns.
type store interface {
	// claim takes the first pending row.
	claim(ctx context.Context) (held, error)
	// release puts a claimed row back. A claim that is no longer the row's is
	// errLost.
	release(ctx context.Context, h held) error
	close() error
}

// held is a claimed row, and what tells this claim on it from every other.
type held struct {
	job   int
	token string
	// claim is the ledger's own, for designLedger.
	claim progress.Claim
}

func designs() []design {
	return []design{
		{name: designLedger, claims: true, prepare: seedLedger, open: openLedger},
		{name: designRewrite, claims: true, prepare: makeTable, open: openTable},
		{name: designSQLite, claims: true, prepare: makeDatabase, open: openDatabase},
		{name: designSQLiteGated, claims: true, prepare: makeDatabase, open: openGatedDatabase},
		{name: designRaw, prepare: makeLog, open: openLog},
	}
}

// sharedDesign is measured for interest, in one cell.
func sharedDesign() design {
	return design{
		name: designShared, accounts: sharedAccounts, claims: true, prepare: seedLedger, open: openLedger,
	}
}

func designNamed(name string) (design, error) {
	for _, d := range append(designs(), sharedDesign()) {
		if d.name == name {
			return d, nil
		}
	}
	return design{}, fmt.Errorf("there is no design %q", name)
}

// makeJobs returns n jobs of about 120 bytes each in a list of accounts accounts.
func makeJobs(n, accounts int) []jobs.PostJob {
	if accounts == 0 {
		accounts = n
	}
	made := make([]jobs.PostJob, 0, n)
	for id := 1; id <= n; id++ {
		made = append(made, jobs.PostJob{
			ID:      id,
			Account: fmt.Sprintf("account_%06d", (id-1)%accounts),
			Video:   fmt.Sprintf("reels/video-%03d.mp4", id%100),
			Caption: fmt.Sprintf("Caption of post %07d, with a #hashtag and more", id),
		})
	}
	return made
}
