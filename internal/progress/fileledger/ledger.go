// Package fileledger is the ledger that is files in a data directory, for any
// number of processes on one host.
//
//	progress.csv           what people and tools read; published, never read back as the truth alone
//	progress.csv.journal   one line for each transition since the base: the truth
//	progress.csv.prev      the base that the journal's lines change
//	progress.csv.lock      flock: one transition at a time
//	progress.csv.publock   flock: one publication at a time; taken before the other
//	workers/               a flock for each worker, held for its life
//
// A transition is decided from memory and appended to the journal under the
// lock; it is flushed when the lock is free again, and only then does the call
// return. Between decision and flush others see it and go by it, which is
// safe: flushing a later line flushes the earlier ones. Nothing is ever changed
// in place: progress.csv, the base and the journal are replaced by files that
// were flushed before.
package fileledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk"
	"postfleet/internal/progress/filelock"
	"postfleet/internal/progress/guard"
)

// The ledger's files in the data directory.
const (
	TableName    = "progress.csv"
	journalName  = TableName + ".journal"
	baseName     = TableName + ".prev"
	lockName     = TableName + ".lock"
	pubLockName  = TableName + ".publock"
	editedName   = TableName + ".edited-"
	damagedName  = TableName + ".damaged-"
	badLogName   = journalName + ".damaged-"
	workersName  = "workers"
	archiveName  = "archive"
	tempPrefix   = "." + TableName + ".tmp-"
	closeTimeout = 10 * time.Second
)

var (
	_ progress.Ledger = (*Ledger)(nil)
	_ progress.Keeper = (*Ledger)(nil)
)

// Options are what a ledger may be told. The zero value is for production.
type Options struct {
	// Now is the clock of the rows; nil is time.Now.
	Now func() time.Time
	// Logger hears of what was mended or put aside; nil is nobody.
	Logger *slog.Logger
	// TrustFileSystem accepts file systems on which locks are not known to work.
	TrustFileSystem bool
}

// Ledger is progress.Ledger and progress.Keeper on the files of one data
// directory. It keeps the rows in memory and reads what others append. Make
// one with Open and Close it: it has a goroutine that publishes.
type Ledger struct {
	path    string
	dir     disk.Dir
	lock    *filelock.Lock
	pubLock *filelock.Lock
	now     func() time.Time
	log     *slog.Logger
	pub     *publisher
	// limit is how large the journal grows, in bytes, before it is begun anew;
	// that of a ledger that is larger itself grows as large as that.
	limit int64

	// st is what is known of the files. It belongs to whoever has the lock.
	st *state
	// roomSeen is when there was room to claim. It belongs to the lock, too.
	roomSeen time.Time

	mu      sync.Mutex
	members []*member
	closed  bool
	// broken is the failed flush after which this process changes nothing more.
	broken error
}

// Open returns the ledger of the data directory, which must be there. It
// neither makes nor reads a file: Seed makes the ledger, and what is wrong with
// it is the error of every other call. A file system on which locks are known
// not to work is refused with class fault.Ledger.
func Open(dataDir string, opts Options) (*Ledger, error) {
	info, err := os.Stat(dataDir)
	switch {
	case err != nil:
		return nil, disk.Classify(fmt.Errorf("open ledger: %w", err))
	case !info.IsDir():
		return nil, fault.Errorf(fault.Ledger, "open ledger: %s is no directory", dataDir)
	}
	if !opts.TrustFileSystem {
		if err := guard.FileSystem(dataDir); err != nil {
			return nil, err
		}
	}
	dir, err := disk.OpenDir(dataDir)
	if err != nil {
		return nil, disk.Classify(fmt.Errorf("open ledger: %w", err))
	}
	return open(dataDir, dir, opts), nil
}

// journalLimit is small enough to be read in a fraction of a second.
const journalLimit = 8 << 20

// open is Open on any Dir. Locks are files in dataDir all the same.
func open(dataDir string, dir disk.Dir, opts Options) *Ledger {
	l := &Ledger{
		path: dataDir, dir: dir, now: opts.Now, log: opts.Logger, limit: journalLimit,
		lock:    filelock.New(filepath.Join(dataDir, lockName)),
		pubLock: filelock.New(filepath.Join(dataDir, pubLockName)),
	}
	if l.now == nil {
		l.now = time.Now
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	l.pub = newPublisher(l.publish)
	return l
}

// Snapshot implements progress.Ledger. A ledger that was never seeded has no
// rows.
func (l *Ledger) Snapshot(ctx context.Context) ([]progress.Row, error) {
	st, release, err := l.read(ctx)
	if err != nil {
		return nil, err
	}
	rows := st.book.Rows()
	release()
	all := make([]progress.Row, len(rows))
	for i, r := range rows {
		all[i] = *r
	}
	return all, nil
}

// Version tells one state of the ledger from every other: when it is the same
// as before, so are the rows.
type Version struct{ epoch, seq uint64 }

// Version returns the ledger's version as of now. However many rows there are,
// it copies none of them, as Snapshot does.
func (l *Ledger) Version(ctx context.Context) (Version, error) {
	st, release, err := l.read(ctx)
	if err != nil {
		return Version{}, err
	}
	v := Version{st.header.Epoch, st.seq}
	release()
	return v, nil
}

// Close implements progress.Ledger. Members leave, and what this process
// changed last is published.
func (l *Ledger) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	members := l.members
	l.members = nil
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	errs := []error{l.pub.close(ctx)}
	for _, m := range members {
		errs = append(errs, m.Leave())
	}
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	return errors.Join(append(errs, l.closeFiles(ctx))...)
}

func (l *Ledger) name(name string) string { return filepath.Join(l.path, name) }
