package fileledger

import "postfleet/internal/progress/disk"

// OpenOn is Open on any directory; its locks are files in dataDir.
func OpenOn(dataDir string, dir disk.Dir, opts Options) *Ledger { return open(dataDir, dir, opts) }

// SetJournalLimit makes l begin its journal anew past this many bytes.
func (l *Ledger) SetJournalLimit(bytes int64) { l.limit = bytes }
