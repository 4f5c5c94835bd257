package testbed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"postfleet/internal/progress"
	"postfleet/internal/progress/journal"
)

// Claim is one that the journal shows.
type Claim struct {
	Job    int
	Worker string
	At     time.Time
}

// Claims gathers a fleet's claims as its journal grows. The journal begins
// anew from time to time, so it has to be read often: Read does.
type Claims struct {
	path string

	mu   sync.Mutex
	all  []Claim
	held map[int]time.Time // by job: since when
	last uint64
}

// NewClaims reads the journal in a data directory. Nothing is read before Read.
func NewClaims(dir string) *Claims {
	return &Claims{path: filepath.Join(dir, "progress.csv.journal"), held: map[int]time.Time{}}
}

// Read adds what is new. A journal that is not there yet has nothing new.
func (c *Claims) Read() error {
	data, err := os.ReadFile(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read claims: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for line, err := range journal.Lines(data) {
		if err != nil || line.Kind != journal.KindRow || line.Seq <= c.last {
			continue // what is damaged is the ledger's to see to
		}
		c.last = line.Seq
		c.add(line.Row)
	}
	return nil
}

// add keeps what is a new claim: a change of phase leaves the time as it is.
func (c *Claims) add(r progress.Row) {
	if r.Status != progress.StatusClaimed || c.held[r.ID].Equal(r.Time) {
		return
	}
	c.held[r.ID] = r.Time
	c.all = append(c.all, Claim{Job: r.ID, Worker: r.WorkerID, At: r.Time})
}

// After returns a worker's first claim after t. Safe from any goroutine.
func (c *Claims) After(worker string, t time.Time) (Claim, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, claim := range c.all {
		if claim.Worker == worker && claim.At.After(t) {
			return claim, true
		}
	}
	return Claim{}, false
}

// Count returns how many claims were seen. Safe from any goroutine.
func (c *Claims) Count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.all)
}
